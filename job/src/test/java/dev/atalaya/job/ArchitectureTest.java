package dev.atalaya.job;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows between modules and stages, as docs/rationale.md draws them. */
@AnalyzeClasses(packages = "dev.atalaya", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule THE_SKETCH_KNOWS_NOBODY =
      classes()
          .that()
          .resideInAPackage("dev.atalaya.sketch..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("dev.atalaya.sketch..", "java..");

  @ArchTest
  static final ArchRule CONNECTORS_KNOW_NOBODY =
      noClasses()
          .that()
          .resideInAPackage("dev.atalaya.connectors..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.atalaya.job..", "dev.atalaya.sketch..", "dev.atalaya.dashboard..");

  @ArchTest
  static final ArchRule THE_DASHBOARD_KNOWS_CONNECTORS_ONLY =
      noClasses()
          .that()
          .resideInAPackage("dev.atalaya.dashboard..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.atalaya.job..", "dev.atalaya.sketch..", "org.apache.flink..");

  // The jar for clusters has no dashboard.
  @ArchTest
  static final ArchRule ONE_CLASS_ALONE_KNOWS_THE_DASHBOARD =
      noClasses()
          .that()
          .resideInAPackage("dev.atalaya.job..")
          .and()
          .doNotHaveFullyQualifiedName("dev.atalaya.job.cli.Dashboard")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.atalaya.dashboard..");

  // A cluster has slf4j 1.7, which knows nothing of them.
  @ArchTest
  static final ArchRule NO_FLUENT_LOGGING =
      noClasses()
          .that()
          .resideInAnyPackage("dev.atalaya.job..", "dev.atalaya.connectors..")
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("org.slf4j.spi.LoggingEventBuilder");

  @ArchTest
  static final ArchRule SYSTEMS_KNOW_NO_OTHER_SYSTEM =
      slices().matching("dev.atalaya.connectors.(*)..").should().notDependOnEachOther();

  @ArchTest
  static final ArchRule STAGES_FOLLOW_THE_DATA =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("cli")
          .definedBy("dev.atalaya.job.cli..")
          .layer("topology")
          .definedBy("dev.atalaya.job")
          .layer("produce")
          .definedBy("dev.atalaya.job.produce..")
          .layer("publish")
          .definedBy("dev.atalaya.job.publish..")
          .layer("fold")
          .definedBy("dev.atalaya.job.fold..")
          .layer("rules")
          .definedBy("dev.atalaya.job.rules..")
          .layer("window")
          .definedBy("dev.atalaya.job.window..")
          .layer("detect")
          .definedBy("dev.atalaya.job.detect..")
          .layer("episode")
          .definedBy("dev.atalaya.job.episode..")
          .layer("baseline")
          .definedBy("dev.atalaya.job.baseline..")
          .layer("ledger")
          .definedBy("dev.atalaya.job.ledger..")
          .layer("match")
          .definedBy("dev.atalaya.job.match..")
          .layer("decode")
          .definedBy("dev.atalaya.job.decode..")
          .layer("config")
          .definedBy("dev.atalaya.job.config..")
          .whereLayer("cli")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("topology")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("produce")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("publish")
          .mayOnlyBeAccessedByLayers("topology", "cli")
          .whereLayer("fold")
          .mayOnlyBeAccessedByLayers("topology", "publish")
          .whereLayer("rules")
          .mayOnlyBeAccessedByLayers("topology")
          .whereLayer("window")
          .mayOnlyBeAccessedByLayers("topology", "fold", "rules")
          .whereLayer("detect")
          .mayOnlyBeAccessedByLayers("topology", "fold", "window", "publish", "rules")
          .whereLayer("match")
          .mayNotAccessAnyLayer()
          .whereLayer("episode")
          .mayOnlyBeAccessedByLayers("detect", "publish")
          .whereLayer("baseline")
          .mayOnlyBeAccessedByLayers("detect", "window")
          .whereLayer("ledger")
          .mayOnlyBeAccessedByLayers("topology", "fold", "window", "publish", "rules");

  @ArchTest
  static final ArchRule THE_RULES_ARE_PLAIN_JAVA =
      noClasses()
          .that()
          .resideInAPackage("dev.atalaya.job.detect..")
          .and()
          .doNotHaveSimpleName("Gather")
          .and()
          .haveNameNotMatching(".*\\.RuleVersion(Serializer)?(\\$.*)?")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.flink..");

  // The way to Flink 2: what is gone there may be used by the RabbitMQ connector alone.
  @ArchTest
  static final ArchRule NO_SOURCE_FUNCTION =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.atalaya.connectors.rabbitmq..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.flink.streaming.api.functions.source.legacy..",
              "org.apache.flink.streaming.api.functions.sink.legacy..")
          .orShould()
          .dependOnClassesThat()
          .haveNameMatching(
              "org\\.apache\\.flink\\.streaming\\.api\\.functions\\.(source\\.(Rich|Parallel|RichParallel)?SourceFunction|sink\\.(Rich)?SinkFunction)");
}
