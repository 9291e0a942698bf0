"""What lesson 13 alone needs: patches and quilting (`texture`), and the generator of one photo."""
