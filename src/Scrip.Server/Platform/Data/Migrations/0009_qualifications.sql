-- Qualifications look for the campaigns of one generic code among all campaigns of a project.
CREATE INDEX campaigns_standalone ON campaigns (project_id) WHERE body->>'type' = 'STANDALONE';
