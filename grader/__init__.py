"""A local autograder for numerical exercises, with a course on convolutional neural networks beside it."""

__version__ = "0.1.0"
