"""The timetable's rules, pure: which days are taught, weekly repetition, clashes, free times, the workbook."""
