"""`tongke backup` and `tongke restore`: one archive of everything that must not be lost (docs/operations.md).

Blocks on disks and the database: for the command line, never inside a serving process.
"""
