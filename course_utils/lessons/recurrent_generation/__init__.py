"""What lesson 11 alone needs: the widget that draws images row by row, and its checks' designs."""
