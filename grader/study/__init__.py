"""Lessons, flashcards and questions of a course, and the learner's record of them."""
