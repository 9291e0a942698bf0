"""What lesson 17 alone needs: watermarks that say where a picture comes from (`watermarks`)."""
