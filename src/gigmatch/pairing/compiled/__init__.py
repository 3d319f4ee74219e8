"""Compiled forms of rules, scorers and travel: what they compare, in arrays, and the loops that do.

A plain callable is called on blocks of pairs and may do anything. Whatever only compares one thing with
another can say so besides: its class has a method ``_compiled(columns)`` that returns `forms`, or None where
this morning needs the plain one. Two loops know all forms: one goes from the grid of shifts to the pairs that
may stand, worker by worker, one from pairs to points. So nothing is compiled anew for other rules or other
weights, and forms and plain callables can be mixed.

The answers are the same to the bit. The plain callable stays what decides what a rule means: a checker asks
it alone, and `gigmatch.testing` holds the form to it. A form counts only where the class itself declares it:
who inherits from a rule and changes what it does inherits no form.

Small mornings, and those without numba, use the plain callables.
"""
