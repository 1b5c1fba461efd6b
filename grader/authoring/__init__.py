"""Find what is wrong with a course: read its files, and try its checks on right and on wrong answers."""
