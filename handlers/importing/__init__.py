"""Import: people, customers, open deals, targets and more from a spreadsheet; each row is a form that was filled in."""
