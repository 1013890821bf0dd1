"""What was done with a lead: calls, e-mails, meetings and notes, before there is a customer."""
