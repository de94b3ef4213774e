CREATE TABLE runs (
    id $identity$,
    host $text$ NOT NULL,
    folder $text$ NOT NULL,
    name $text$,
    note $text$,
    status $text$ NOT NULL,
    started $text$ NOT NULL,
    seconds $double$ NOT NULL,
    completed_epochs integer NOT NULL,
    UNIQUE (host, folder)
);

CREATE TABLE run_values (
    run_id bigint NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    kind smallint NOT NULL,
    key $text$ NOT NULL,
    text $text$ NOT NULL,
    number $double$,
    PRIMARY KEY (run_id, kind, key)
) $clustered$;

CREATE INDEX run_values_by_key ON run_values (kind, key);

CREATE TABLE run_tags (
    run_id bigint NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    tag $text$ NOT NULL,
    PRIMARY KEY (run_id, tag)
) $clustered$;
