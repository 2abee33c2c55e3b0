"""The monthly report: of the county, a pairing or a subject, as values; and those that were sent."""
