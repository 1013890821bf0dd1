"""Pages of the platform: settings, notifications, sign-in by link."""
