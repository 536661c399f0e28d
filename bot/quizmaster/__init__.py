"""What people do: one method and one transaction for each act."""
