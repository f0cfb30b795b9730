"""Training of assessors: lessons, exercises, schedule, exam, trainer's desk; case lab."""
