"""Documents -> clauses -> search. Imports nothing of ours."""
