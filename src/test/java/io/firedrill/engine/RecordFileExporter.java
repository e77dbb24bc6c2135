package io.firedrill.engine;

import io.camunda.zeebe.exporter.api.Exporter;
import io.camunda.zeebe.exporter.api.context.Context;
import io.camunda.zeebe.exporter.api.context.Controller;
import io.camunda.zeebe.protocol.record.Record;
import io.camunda.zeebe.protocol.record.RecordType;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Writes every event of the engine's log as one line of JSON: what tests look at, as 8.6 has no search. */
public final class RecordFileExporter implements Exporter {
    private Path file = Path.of("records.jsonl");
    private Controller controller;

    @Override
    public void configure(Context context) {
        file = Path.of((String) context.getConfiguration().getArguments().get("file"));
    }

    @Override
    public void open(Controller opened) {
        controller = opened;
    }

    @Override
    public void export(Record<?> record) {
        if (record.getRecordType() == RecordType.EVENT) {
            try (BufferedWriter writer =
                    Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                writer.write(record.toJson());
                writer.newLine();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        controller.updateLastExportedRecordPosition(record.getPosition());
    }
}
