"""The daily question: claimed by its local date, drawn, posted, and summed up."""
