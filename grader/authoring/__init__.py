"""What is wrong with a course: its checks are tried on right and wrong answers, and its files are read."""
