"""What everything else stands on: the backend, the course's files, guards, arithmetic."""
