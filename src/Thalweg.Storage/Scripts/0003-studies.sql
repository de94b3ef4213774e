CREATE TABLE studies (
    id $identity$,
    name $text$ NOT NULL UNIQUE
);

CREATE TABLE study_lines (
    study_id bigint NOT NULL REFERENCES studies (id) ON DELETE CASCADE,
    position bigint NOT NULL,
    line $text$ NOT NULL,
    PRIMARY KEY (study_id, position)
) $clustered$;

CREATE TABLE study_workers (
    study_id bigint NOT NULL REFERENCES studies (id) ON DELETE CASCADE,
    worker $text$ NOT NULL,
    beat $double$ NOT NULL,
    PRIMARY KEY (study_id, worker)
) $clustered$;
