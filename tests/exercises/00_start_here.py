# %% 00.1 right
784
28**2
np.int64(784)
np.array([784.0])
np.zeros((28, 28)).size

# %% 00.1 wrong
28 + 28  # a row and a column -> adds one row and one column
28  # one row -> one row
16 * 28 * 28  # all pictures -> all sixteen
64  # the latents
28 * 28 * 3  # colors
784 / 255  # scaled
