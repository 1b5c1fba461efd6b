"""Lessons, flashcards and questions of a unit, and what a learner's memory has of them."""
