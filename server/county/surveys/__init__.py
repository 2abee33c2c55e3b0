"""Satisfaction surveys (满意度): sheets, single-use codes, counts without answers, results that tell of nobody."""
