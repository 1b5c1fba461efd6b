"""A class: many submissions, a journal that survives a crash, and a folder of results."""
