"""The audit: ledger and frozen evaluations computed again from stored evidence alone, by other code than before.

    findings   what the audit says           tape      seconds of media as one long number per stream
    ledger     every lesson judged again     papers    a frozen evaluation scored again from its rule text and facts
    frozen     hash and signature of a frozen evaluation, and what in it came from the ledger

Nothing here imports `county.crediting`, `county.evidence` or the evaluation's engine: a mistake there must show.
"""
