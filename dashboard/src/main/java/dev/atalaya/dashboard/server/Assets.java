package dev.atalaya.dashboard.server;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * The files of the page. All are read and compressed when the server starts, so that the path of a
 * request is only ever looked up among their names.
 */
final class Assets {

  private static final String PAGE = "/dev/atalaya/dashboard/page/";
  private static final String CHART = "META-INF/maven/org.webjars.npm/chart.js/pom.properties";

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "json", "application/json",
          "svg", "image/svg+xml",
          "png", "image/png",
          "ico", "image/x-icon",
          "woff2", "font/woff2",
          "txt", "text/plain; charset=utf-8",
          "yaml", "application/yaml");

  private Assets() {}

  static void addTo(Router router) throws IOException {
    URL page = Assets.class.getResource(PAGE + "index.html");
    if (page == null) {
      throw new IOException("The class path has no " + PAGE);
    }
    if (page.openConnection() instanceof JarURLConnection jar) {
      try (FileSystem files = FileSystems.newFileSystem(path(jar.getJarFileURL()))) {
        addFolder(router, files.getPath(PAGE));
      }
    } else {
      addFolder(router, path(page).getParent());
    }
    String version = chartVersion();
    add(
        router,
        "/lib/chart.umd.js",
        resource("META-INF/resources/webjars/chart.js/" + version + "/dist/chart.umd.js"));
    add(router, "/api/v1/openapi.yaml", resource("dev/atalaya/dashboard/server/openapi.yaml"));
  }

  private static void addFolder(Router router, Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        String name = folder.relativize(file).toString().replace('\\', '/');
        add(router, name.equals("index.html") ? "/" : "/page/" + name, Files.readAllBytes(file));
      }
    }
  }

  private static void add(Router router, String path, byte[] content) {
    String type = path.equals("/") ? "html" : path.substring(path.lastIndexOf('.') + 1);
    Answer answer =
        Answer.lasting(
            TYPES.getOrDefault(type, "application/octet-stream"), etag(content), content);
    router.route(path, call -> answer);
  }

  private static String chartVersion() throws IOException {
    Properties properties = new Properties();
    try (InputStream in = Assets.class.getClassLoader().getResourceAsStream(CHART)) {
      properties.load(in);
    }
    return properties.getProperty("version");
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = Assets.class.getClassLoader().getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("The class path has no " + name);
      }
      return in.readAllBytes();
    }
  }

  private static Path path(URL url) {
    try {
      return Path.of(new URI(url.toString()));
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A weak one, as it stands for the compressed bytes too. */
  private static String etag(byte[] content) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
      return "W/\"" + HexFormat.of().formatHex(hash, 0, 8) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
