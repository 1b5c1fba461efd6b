"""A course of one exercise, small enough to be read at a glance."""


def double(x):
    raise NotImplementedError("Task 1: write double")


def split(n, parts=2):
    raise NotImplementedError("Task 2: write split")


def halve(x):
    raise NotImplementedError("Task 3: write halve")
