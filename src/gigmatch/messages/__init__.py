"""Explanations in words, Chinese and English, from the data alone."""

from gigmatch.messages.writer import Language, in_words, rule_name

__all__ = ["Language", "in_words", "rule_name"]
