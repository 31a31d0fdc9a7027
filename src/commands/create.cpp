// bqconn create: settings → base connection → one POST → id and etag.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bqconn/commands/verb.hpp"
#include "bqconn/config/assemble.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/crypto/encoding.hpp"
#include "bqconn/flow/change.hpp"
#include "bqconn/flow/connections.hpp"
#include "bqconn/flow/service.hpp"
#include "bqconn/flow/wire.hpp"
#include "bqconn/json/parse.hpp"
#include "commands/checks.hpp"
#include "commands/session.hpp"
#include "commands/target.hpp"

namespace bqconn::commands {
namespace {

flow::CreateOptions options_of(const Task& task) {
    return {.if_exists =
                flow::parse_if_exists(task.settings.text_or_default(Setting::if_exists)).value(),
            .recover = !task.has(Flag::no_recover)};
}

// --- --dry-run and --print-curl: the request without the network and without a secret.

// Shell expressions in place of secrets. A random word stands for each while the text is quoted, so
// that quoting for JSON, curl and the shell does not alter it and no user value can match it.
class Placeholders {
  public:
    std::string put(const std::string& expression) {
        expressions_.push_back(expression);
        return word(expressions_.size() - 1);
    }

    std::string fill(std::string text) const {
        for (std::size_t i = 0; i < expressions_.size(); ++i) {
            const std::string wanted = word(i);
            for (auto at = text.find(wanted); at != std::string::npos; at = text.find(wanted, at)) {
                text.replace(at, wanted.size(), expressions_[i]);
                at += expressions_[i].size();
            }
        }
        return text;
    }

  private:
    std::string word(std::size_t index) const { return nonce_ + "z" + std::to_string(index) + "z"; }

    std::string nonce_ = crypto::random_hex(16);
    std::vector<std::string> expressions_;
};

// The shell expression for a secret parameter.
std::string expression_of(std::string_view parameter) {
    const Setting setting = config::setting_of(parameter);
    const std::string variable(config::spec_of(setting).variable);
    return setting == Setting::key_file ? "$(base64 -w 0 \"$" + variable + "\")"
                                        : "${" + variable + ":?}";
}

// Quotes a value for a curl config file inside an unquoted here-document. Two readers unescape it:
// the shell first (backslash, dollar sign, backquote), then curl (backslash, double quote).
std::string config_value(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '\\') {
            out += "\\\\\\\\";
        } else if (c == '"') {
            out += "\\\\\"";
        } else if (c == '$' || c == '`') {
            out += std::string("\\") + c;
        } else {
            out += c;
        }
    }
    return out + "\"";
}

std::string config_line(std::string_view option, std::string_view value) {
    return std::string(option) + " = " + config_value(value) + "\n";
}

// A missing value becomes the variable of its setting.
std::string header_line(Placeholders& places, const http::Header& header) {
    std::string value = header.value;
    for (const auto& [name, setting] :
         {std::pair{"x-api-key", Setting::api_key}, std::pair{"x-gw-ims-org-id", Setting::org_id},
          std::pair{"x-sandbox-name", Setting::sandbox_name}}) {
        if (value.empty() && header.name == name) {
            value = places.put("${" + std::string(config::spec_of(setting).variable) + ":?}");
        }
    }
    return config_line("header", header.name + ": " + value);
}

std::string token_command(Placeholders& places, const connection::Access& access) {
    if (!access.fetching) {
        return {};
    }
    const auto form = [](const std::string& name, const std::string& value) {
        return config_line("data-urlencode", name + "=" + value);
    };
    return "BQCONN_ACCESS_TOKEN=$(curl --config - <<END_OF_REQUEST | jq -re .access_token\n"
           "fail-with-body\nsilent\nshow-error\n" +
           config_line("url", access.fetching->ims_url + "/ims/token/v3") +
           form("client_id",
                access.api_key.empty() ? places.put("${BQCONN_API_KEY:?}") : access.api_key) +
           form("client_secret", places.put("${BQCONN_API_SECRET:?}")) +
           form("grant_type", "client_credentials") + form("scope", access.fetching->scopes) +
           "END_OF_REQUEST\n) && ";
}

// Method, URL, headers and body as JSON; secrets are "[redacted]", a header without a value is
// null.
std::string dry_run(const connection::Access& access, const connection::BaseConnection& connection,
                    const config::Missing& missing) {
    const http::Request request = flow::make_request(
        access, {.method = http::Method::post, .path = "/connections", .body = Secret("{}")});
    json::OrderedJson headers = json::OrderedJson::object();
    for (const auto& header : request.headers) {
        headers[header.name] =
            header.value.empty() ? json::OrderedJson() : json::OrderedJson(header.value);
    }
    headers["Authorization"] = redacted_text;
    const auto redact = [](std::string_view, const Secret&) { return std::string(redacted_text); };
    const json::OrderedJson document = {{"method", http::name_of(request.method)},
                                        {"url", request.url},
                                        {"headers", headers},
                                        {"body", flow::to_json(connection, redact)},
                                        {"missing", missing.flags()}};
    return json::to_lines(document) + "\n";
}

// The same call as a POSIX shell script with curl (and jq, if a token must be fetched). Each secret
// is a variable that curl reads from standard input: every user could read it on a command line.
std::string curl_command(const connection::Access& access,
                         const connection::BaseConnection& connection) {
    Placeholders places;
    const http::Request request = flow::make_request(
        access, {.method = http::Method::post, .path = "/connections", .body = Secret("{}")});
    std::string needed;
    const auto write = [&](std::string_view parameter, const Secret&) {
        if (config::setting_of(parameter) == Setting::key_file) {
            needed = ": \"${BQCONN_KEY_FILE:?}\" && ";
        }
        return places.put(expression_of(parameter));
    };
    const std::string body = flow::to_json(connection, write).dump(-1, ' ', true);
    std::string headers =
        config_line("header", "Authorization: Bearer " + places.put("${BQCONN_ACCESS_TOKEN:?}"));
    for (const auto& header : request.headers) {
        headers += header_line(places, header);
    }
    const std::string text =
        needed + token_command(places, access) + "curl --config - <<END_OF_REQUEST\n" +
        "fail-with-body\nsilent\nshow-error\nrequest = POST\n" + config_line("url", request.url) +
        headers + config_line("data-binary", body) + "END_OF_REQUEST\n";
    return places.fill(text);
}

void preview(Context& context, const Task& task, const connection::BaseConnection& connection) {
    if (options_of(task).if_exists != flow::IfExists::create) {
        context.console.warning(
            "--if-exists is not part of the request shown: it creates a connection even if one "
            "of that name exists");
    }
    for (const auto& [flag, name] :
         {std::pair{Flag::check, "--check"}, std::pair{Flag::test, "--test"}}) {
        if (task.has(flag)) {
            context.console.warning(std::string(name) + " is not part of the request shown");
        }
    }
    config::Missing not_needed;
    const connection::Access access = config::access(task.settings, not_needed);
    context.console.result(task.has(Flag::dry_run) ? dry_run(access, connection, not_needed)
                                                   : curl_command(access, connection));
}

// --- The create itself.

// The message says whether the connection was kept or deleted.
[[noreturn]] void end_failed_test(flow::FlowService& service, const Task& task,
                                  const flow::CreateResult& result, const Clock& clock) {
    const std::string kept = "; the connection was kept (etag " + result.etag + ")";
    if (result.outcome == flow::Outcome::existing) {
        throw test_failed(result.id, kept + ", because it already existed");
    }
    if (task.has(Flag::keep_on_failure)) {
        throw test_failed(result.id, kept);
    }
    try {
        flow::remove(service, result.id, clock);
    } catch (const Error& error) {
        throw Error(ExitCode::partial, "partial.create",
                    "the connection " + result.id + " was created (etag " + result.etag +
                        "), its test failed, and it could not be deleted: " + error.message(),
                    "check whether it still exists: bqconn get " + result.id)
            .answered_as(error);
    }
    throw test_failed(result.id, "; the connection was deleted",
                      "create it again with the new credentials");
}

void create(Context& context, const Task& task) {
    if (task.has(Flag::dry_run) && task.has(Flag::print_curl)) {
        throw Error(ExitCode::usage, "usage.exclusive_flags",
                    "--dry-run and --print-curl cannot be combined", "pass one of them");
    }
    if (task.has(Flag::keep_on_failure) && !task.has(Flag::test)) {
        throw Error(ExitCode::usage, "usage.exclusive_flags", "--keep-on-failure requires --test",
                    "add --test, or leave it out");
    }
    config::Missing missing;
    const connection::BaseConnection connection = config::base_connection(task.settings, missing);
    if (task.has(Flag::dry_run) || task.has(Flag::print_curl)) {
        missing.report();
        preview(context, task, connection);
        return;
    }
    const connection::Access access = config::access(task.settings, missing);
    missing.report();
    if (task.has(Flag::check)) {
        require_checks(context, task.settings, connection.auth, "created");
    }

    Session session(context, task.settings, access);
    const flow::CreateResult result =
        flow::create_once(session.service(), connection, options_of(task), context.clock);
    if (task.has(Flag::test) && !passes_test(session.service(), result.id, "partial.create",
                                             "was created and kept (etag " + result.etag + ")")) {
        end_failed_test(session.service(), task, result, context.clock);
    }
    print_result(context.console,
                 {.id = result.id,
                  .etag = result.etag,
                  .name = connection.name,
                  .sandbox_name = access.sandbox_name,
                  .outcome = result.outcome},
                 task.format);
}

}  // namespace

Verb create_verb() {
    return {
        .name = "create",
        .summary = "Create a base connection to Google BigQuery",
        .usage = "create [flags]",
        .description =
            "Creates a base connection to Google BigQuery in a sandbox of Adobe Experience "
            "Platform and prints its id and etag. The request is applied at most once. If the "
            "response is lost, bqconn looks for the connection by name; if it cannot tell whether "
            "it was created, the exit code is 10.\n\n"
            "The authentication type follows from the settings: --client-id, --client-secret and "
            "--refresh-token select Basic Authentication; --key-file selects Service "
            "Authentication; --key-file with --dataset selects Service Authentication for an "
            "organisation on AWS.\n\n"
            "Each setting is taken from its flag, its variable (in brackets) or a file, in this "
            "order. Do not type secrets on the command line: use @FILE to read one from a file, - "
            "to read it from standard input, or set the variable whose name ends in _FILE to the "
            "file's path.",
        .examples =
            "  # With the settings in a profile or in the environment\n"
            "  bqconn create\n\n"
            "  # With a Google OAuth client and a refresh token, secrets read from files\n"
            "  bqconn create --sandbox prod --project my-project-123 \\\n"
            "      --client-id ID --client-secret @client-secret.txt --refresh-token "
            "@refresh-token.txt\n\n"
            "  # With a service-account key and an Adobe credential file\n"
            "  bqconn create --sandbox prod --key-file key.json --credentials adobe.json\n\n"
            "  # Show the request without sending it\n"
            "  bqconn create --project my-project-123 --key-file key.json --dry-run\n\n"
            "  # Safe to repeat: reuse an existing connection (CI)\n"
            "  bqconn create --if-exists reuse\n\n"
            "  # Create it and test it\n"
            "  bqconn create --test\n\n"
            "  # In a script\n"
            "  id=$(bqconn create -o id)\n"
            "  bqconn create | jq -r .id",
        .switches = {{Flag::check, "--check",
                      "Run the checks of bqconn check first; create nothing if one fails"},
                     {Flag::test, "--test",
                      "Test the new connection; if the test fails, delete it (exit code 5)"},
                     {Flag::keep_on_failure, "--keep-on-failure",
                      "With --test: keep the connection if the test fails"},
                     {Flag::dry_run, "--dry-run",
                      "Print the request as JSON, secrets redacted, and send nothing"},
                     {Flag::print_curl, "--print-curl",
                      "Print the request as a shell script with curl, and send nothing"},
                     {Flag::no_recover, "--no-recover",
                      "After a lost response, do not look for the connection by name"}},
        .settings =
            with_common(with_google({Setting::name, Setting::description, Setting::if_exists})),
        .formats = {Format::text, Format::json, Format::id, Format::etag, Format::env},
        .participle = "created",
        .name_is_new = true,
        .run = create,
    };
}

}  // namespace bqconn::commands
