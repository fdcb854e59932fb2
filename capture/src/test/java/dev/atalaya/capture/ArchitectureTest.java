package dev.atalaya.capture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What capture may know of. */
@AnalyzeClasses(packages = "dev.atalaya.capture", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule CAPTURE_KNOWS_CONNECTORS_ONLY =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.atalaya.job..",
              "dev.atalaya.sketch..",
              "dev.atalaya.dashboard..",
              "org.apache.flink..");

  @ArchTest
  static final ArchRule PACKETS_KNOW_NO_FLOW_EXPORTS =
      noClasses()
          .that()
          .resideInAPackage("dev.atalaya.capture.pcap..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.atalaya.capture.flow..");
}
