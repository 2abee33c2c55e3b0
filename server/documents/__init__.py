"""Files that people take away or bring: workbooks (.xlsx), calendars (.ics), QR codes."""
