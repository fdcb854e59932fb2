package dev.atalaya.job.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The files that are imported say what the source of them says. */
class DashboardFilesTest {

  private static final boolean RENEW = Boolean.getBoolean("atalaya.renew");

  private static final String COMMAND =
      "./mvnw -pl job -am test -Dtest=DashboardFilesTest -Dsurefire.failIfNoSpecifiedTests=false"
          + " -Datalaya.renew=true";

  private static Map<Path, String> files() throws IOException {
    Panels panels = Panels.read();
    Map<Path, String> files = new LinkedHashMap<>();
    files.put(Panels.SAVED_OBJECTS, SavedObjects.ndjson(panels));
    files.put(Panels.GRAFANA_ALERTS, GrafanaFiles.documents(panels));
    files.put(Panels.GRAFANA_JOB, GrafanaFiles.job(panels));
    return files;
  }

  @Test
  void theFilesAreThoseOfTheSource() throws IOException {
    for (Map.Entry<Path, String> file : files().entrySet()) {
      if (RENEW) {
        Files.writeString(file.getKey(), file.getValue());
      }
      assertThat(Files.exists(file.getKey()) ? Files.readString(file.getKey()) : "")
          .as("%s is out of date, renew it: %s", file.getKey(), COMMAND)
          .isEqualTo(file.getValue());
    }
  }

  @Test
  void anExpressionNamesMetricsInFullAndTheChosenJobs() {
    assertThat(GrafanaFiles.expression("rate(operator.a[1m]) - job.b{c=\"d\"}"))
        .isEqualTo(
            "rate(flink_taskmanager_job_task_operator_a{job_name=~\"$job\"}[1m])"
                + " - flink_jobmanager_job_b{job_name=~\"$job\",c=\"d\"}");
  }
}
