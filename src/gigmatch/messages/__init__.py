"""Explanations in words, Chinese and English, from the data alone."""

from gigmatch.messages.writer import in_words, rule_in_words

__all__ = ["in_words", "rule_in_words"]
