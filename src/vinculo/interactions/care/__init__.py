"""Care: rules by which owners get tasks for their customers: an anniversary that comes, a customer
nobody has spoken with for long. Once per occasion, and never about what the owner may not see."""
