"""The code of the zygote and of its children.

It imports the standard library, NumPy and, in the modules for models alone, Keras and TensorFlow. It imports nothing
else of this package, which the sandbox does not show.
"""
