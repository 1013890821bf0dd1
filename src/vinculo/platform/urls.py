"""Addresses of the platform's pages."""

from django.urls import path

from vinculo.platform.views import entrance, happenings, looking, own, people

urlpatterns = [
    path("welcome/<str:secret>", entrance.welcome, name="welcome"),
    path("demo/<int:user_id>/enter", entrance.enter_demo, name="enter_demo"),
    path("language", entrance.choose_language, name="choose_language"),
    path("notifications", happenings.notifications, name="notifications"),
    path("notifications/read", happenings.read_all, name="notifications_read"),
    path("notifications/<int:notification_id>/open", happenings.open_notification),
    path("jobs/chip", happenings.jobs_chip, name="jobs_chip"),
    path("jobs/<int:work_id>/cancel", happenings.cancel_job, name="cancel_job"),
    path("changes/<int:changeset_id>/undo", happenings.undo, name="undo"),
    path("settings/", own.index, name="settings"),
    path("settings", own.index),
    path("settings/profile", own.profile, name="settings_profile"),
    path("settings/security", own.security, name="settings_security"),
    path("settings/security/sessions/<int:session_id>/end", own.end_session),
    path("settings/security/sessions/others/end", own.end_other_sessions),
    path("settings/keys", own.keys, name="settings_keys"),
    path("settings/keys/new", own.new_key, name="settings_key_new"),
    path("settings/keys/<int:key_id>/revoke", own.revoke_key),
    path("settings/users", people.users, name="settings_users"),
    path("settings/users/invite", people.invite, name="settings_invite"),
    path("settings/users/<int:user_id>", people.user, name="settings_user"),
    path("settings/users/<int:user_id>/link", people.renew),
    path("settings/users/<int:user_id>/view-as", looking.begin_view_as),
    path("viewing-as/end", looking.end_viewing_as, name="end_viewing_as"),
    path("settings/teams", people.teams, name="settings_teams"),
    path("settings/teams/new", people.new_team, name="settings_team_new"),
    path("settings/teams/<int:team_id>", people.team, name="settings_team"),
    path("settings/teams/<int:team_id>/delete", people.remove_team),
    path("settings/roles", people.roles, name="settings_roles"),
    path("settings/roles/new", people.role, name="settings_role_new"),
    path("settings/roles/<int:role_id>", people.role, name="settings_role"),
    path("settings/roles/<int:role_id>/delete", people.remove_role),
]
