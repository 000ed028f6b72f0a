"""Between the domain's dataclasses and the table's rows, one explicit pair of functions per entity."""
