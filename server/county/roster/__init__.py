"""The county's roster as one table of kinds: what a school, a pairing, a term is, how it is checked and imported."""
