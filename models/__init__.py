"""What is known: values, tables, queries, message cards and pure rules."""
