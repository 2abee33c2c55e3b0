"""The year's evaluation (annex 4): papers of points as data, an engine that knows none of their items.

    lines      where each key of a TOML file stands           node       tables taken key by key, checks of values
    rules      what a rule set is, as frozen values           reading    a rule file → a rule set, errors with file:line
    rows       counting rows (schools, pairs, small schools)  facts      a facts file → values, errors with path and fix
    cells      checks of single facts
    scoring    one function per kind of item                  engine     values + rules → sections, papers
    levers     what would raise the score most                report     as JSON and as lines of a table

All pure: the standard library only, exact fractions, no clock. docs/evaluation.md says what a reader must know.
"""
