package dev.atalaya.dashboard.server;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds who answers a path. Everything it can answer was told to it before the first request. */
final class Router extends Handler.Abstract {

  private static final Logger LOG = LoggerFactory.getLogger(Router.class);

  private final Map<String, Request.Handler> routes = new LinkedHashMap<>();
  private final AnswerBudget budget;

  Router(AnswerBudget budget) {
    this.budget = budget;
  }

  /**
   * @param path such as {@code /alerts/{id}}, where {@code {id}} is any one part of a path
   */
  void route(String path, Function<Call, Answer> answer) {
    routes.put(
        path,
        (request, response, callback) -> {
          Call call = new Call(variables(path, pathOf(request)), parameters(request));
          budget.send(() -> answer.apply(call), request, response, callback);
          return true;
        });
  }

  void handle(String path, Request.Handler handler) {
    routes.put(path, handler);
  }

  Set<String> paths() {
    return routes.keySet();
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    try {
      return find(pathOf(request)).handle(request, response, callback);
    } catch (RefusedException e) {
      Answer.error(e.status).send(request, response, callback);
    } catch (Exception e) {
      // The path is not said: it may hold anything.
      LOG.error("A request could not be answered.", e);
      Answer.error(500).send(request, response, callback);
    }
    return true;
  }

  private Request.Handler find(String path) {
    Request.Handler exact = routes.get(path);
    if (exact != null) {
      return exact;
    }
    for (Map.Entry<String, Request.Handler> route : routes.entrySet()) {
      if (variables(route.getKey(), path) != null) {
        return route.getValue();
      }
    }
    throw RefusedException.notFound();
  }

  /** The parts of a path that are variable in its pattern; null when it is not of that pattern. */
  private static List<String> variables(String pattern, String path) {
    String[] patternParts = pattern.split("/", -1);
    String[] parts = path.split("/", -1);
    if (parts.length != patternParts.length) {
      return null;
    }
    List<String> variables = new ArrayList<>();
    for (int i = 0; i < parts.length; i++) {
      if (patternParts[i].startsWith("{") && !parts[i].isEmpty()) {
        variables.add(parts[i]);
      } else if (!patternParts[i].equals(parts[i])) {
        return null;
      }
    }
    return variables;
  }

  private static String pathOf(Request request) {
    String path = request.getHttpURI().getCanonicalPath();
    return path == null ? "" : path;
  }

  private static Fields parameters(Request request) {
    try {
      return Request.extractQueryParameters(request);
    } catch (RuntimeException e) {
      throw RefusedException.badRequest();
    }
  }
}
