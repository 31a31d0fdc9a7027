// bqconn init: writes a profile, or an example manifest.
#include <sys/stat.h>

#include <array>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bqconn/commands/verb.hpp"
#include "bqconn/config/assemble.hpp"
#include "bqconn/config/credential_file.hpp"
#include "bqconn/config/files.hpp"
#include "bqconn/config/profiles.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/http/url.hpp"
#include "bqconn/json/parse.hpp"

namespace bqconn::commands {
namespace {

using config::ProfileEntry;
using config::Settings;
using config::SettingSpec;

// In the order of a profile. A setting that says where to find its value always has a line.
constexpr auto profile_settings =
    std::to_array<Setting>({Setting::credentials,      Setting::api_key,
                            Setting::api_secret,       Setting::access_token,
                            Setting::scopes,           Setting::no_cache,
                            Setting::org_id,           Setting::sandbox_name,
                            Setting::project,          Setting::key_file,
                            Setting::client_id,        Setting::client_secret,
                            Setting::refresh_token,    Setting::large_results_dataset,
                            Setting::dataset,          Setting::platform_url,
                            Setting::ims_url,          Setting::google_auth_url,
                            Setting::google_token_url, Setting::bigquery_url,
                            Setting::ca_file,          Setting::connect_timeout,
                            Setting::timeout});

bool is_of_oauth_client(Setting setting) {
    return setting == Setting::client_id || setting == Setting::client_secret ||
           setting == Setting::refresh_token;
}

// Not written to the profile: it comes from a file that the profile names, or from a variable of
// another program.
bool is_elsewhere(const Settings& settings, Setting setting) {
    const config::Source& source = settings.source(setting);
    return setting != Setting::credentials && (source.kind == config::Source::Kind::credentials ||
                                               (source.kind == config::Source::Kind::environment &&
                                                !source.name.starts_with(config::variable_prefix)));
}

// Whether the setting gets a line; not if filling it in would select a second authentication type.
bool is_wanted(const Settings& settings, Setting setting) {
    if (is_elsewhere(settings, setting)) {
        return false;
    }
    if (settings.has(setting)) {
        return true;
    }
    switch (setting) {
        case Setting::access_token:   // lasts a day; an API secret is better in a profile
        case Setting::refresh_token:  // bqconn auth google adds it
            return false;
        case Setting::api_secret:
            return !settings.has(Setting::access_token);
        case Setting::key_file:
            return !settings.has(Setting::client_id);
        default:
            return !config::spec_of(setting).where.empty() &&
                   !(settings.has(Setting::key_file) && is_of_oauth_client(setting));
    }
}

// Paths become absolute: later runs start in other folders.
Secret value_of(const Settings& settings, Setting setting) {
    const SettingSpec& spec = config::spec_of(setting);
    if (spec.offers != Offers::files) {
        return settings.either(setting);
    }
    const bool is_list = spec.takes == config::Takes::files;
    std::vector<std::string> paths = split(settings.text(setting), is_list ? ':' : '\0');
    for (auto& path : paths) {
        // The files were just read, so a missing one is part of a path that contains a colon.
        if (is_list && !std::filesystem::exists(path)) {
            throw Error(ExitCode::config, "config.unwritable_value",
                        std::string(spec.variable) +
                            ": a path with a colon cannot be part of a list of files",
                        "rename or move the file");
        }
        path = std::filesystem::absolute(path).lexically_normal().string();
    }
    return Secret(join(paths, ":"));
}

std::string comment_of(const SettingSpec& spec, bool has_value) {
    std::string comment(spec.help);
    if (!has_value && !spec.where.empty()) {
        comment += "\nWhere: " + std::string(spec.where);
    }
    return has_value ? comment : comment + "\nNot set: remove the # and fill it in";
}

std::vector<ProfileEntry> entries_of(const Settings& settings) {
    std::vector<ProfileEntry> entries{
        {"",
         {},
         "A bqconn profile: settings, including secrets. bqconn config shows which are in "
         "effect."}};
    for (const Setting setting : profile_settings) {
        if (!is_wanted(settings, setting)) {
            continue;
        }
        const auto& spec = config::spec_of(setting);
        const bool has_value = settings.has(setting);
        entries.push_back({std::string(spec.variable),
                           has_value ? std::optional(value_of(settings, setting)) : std::nullopt,
                           comment_of(spec, has_value)});
    }
    return entries;
}

// bqconn-emulator exec gives its command an address and credentials that stop working with it.
void warn_of_emulator(Context& context, const Settings& settings) {
    for (const Setting setting : {Setting::platform_url, Setting::ims_url}) {
        if (settings.has(setting) &&
            http::is_loopback_host(http::parse_url(settings.text(setting)).host)) {
            context.console.warning(
                describe(settings.source(setting)) + " is " + settings.text(setting) +
                ", a local emulator: the profile will contain its address and credentials, "
                "and work only while it runs; to use Adobe, run bqconn init outside "
                "bqconn-emulator exec");
            return;
        }
    }
}

// Called before asking any questions, so that no answers are lost.
void check_replaceable(Context& context, const Task& task, const std::string& path) {
    struct stat status {};
    if (task.has(Flag::force) || ::lstat(path.c_str(), &status) != 0) {
        return;
    }
    if (!context.console.can_ask()) {
        throw Error(ExitCode::config, "config.profile_exists", path + " already exists",
                    "replace it with --force, or write another one with --profile NAME");
    }
    if (!context.console.confirm(path + " already exists. Replace it?")) {
        throw Error(ExitCode::usage, "usage.not_confirmed", path + " was not replaced",
                    "write another one with --profile NAME");
    }
}

// What is wrong with an answer; nullopt: nothing that can be detected.
std::optional<std::string> problem_of(const SettingSpec& spec, const Secret& answer) {
    const auto finding = config::check_value(spec, answer.reveal());
    if (finding) {
        return "it " + finding->problem + (finding->hint.empty() ? "" : ": " + finding->hint);
    }
    try {
        config::dotenv_line(spec.variable, answer);
        if (spec.setting == Setting::key_file) {
            const std::string& path = answer.reveal();
            config::parse_service_account_key(config::read_file(path, {.secret = true}).reveal(),
                                              path);
        }
    } catch (const Error& error) {
        return error.message() + (error.hint().empty() ? "" : "; " + error.hint());
    }
    return std::nullopt;
}

void keep(output::Console& console, Settings& settings, const SettingSpec& spec, Secret answer) {
    if (spec.takes == config::Takes::secret) {
        console.hide(answer);
    }
    if (spec.setting == Setting::key_file) {
        answer = Secret(std::filesystem::absolute(answer.reveal()).lexically_normal().string());
    }
    settings.set(spec.setting, answer,
                 {.kind = config::Source::Kind::flag, .name = std::string(spec.flag)});
}

// Asks for a missing setting; "?" explains it again. `if_empty` says what an empty answer does;
// without it, a value is required.
void ask(output::Console& console, Settings& settings, Setting setting,
         const std::string& if_empty = {}) {
    if (settings.has(setting)) {
        return;
    }
    const SettingSpec& spec = config::spec_of(setting);
    const std::string explanation =
        "\n" + std::string(spec.help) +
        (spec.where.empty() ? "" : "\n  where: " + std::string(spec.where)) +
        (if_empty.empty() ? "" : "\n  Press Enter to " + if_empty);
    console.explain(explanation);
    const std::string prompt = std::string(spec.flag.substr(2)) + ": ";
    for (;;) {
        Secret answer =
            console.ask(prompt, spec.takes == config::Takes::secret ? output::Typing::hidden
                                                                    : output::Typing::shown);
        if (answer.reveal() == "?") {
            console.explain(explanation);
            continue;
        }
        if (answer.empty()) {
            if (!if_empty.empty()) {
                return;
            }
            console.explain("  A value is required (Ctrl-C to cancel)");
            continue;
        }
        const auto problem = problem_of(spec, answer);
        if (!problem) {
            keep(console, settings, spec, std::move(answer));
            return;
        }
        console.explain("  " + *problem);
    }
}

void ask_for_google(output::Console& console, Settings& settings) {
    const bool oauth = settings.has(Setting::client_id) || settings.has(Setting::client_secret) ||
                       settings.has(Setting::refresh_token);
    if (!settings.has(Setting::key_file) && !oauth) {
        ask(console, settings, Setting::project, "use the key file's project");
        ask(console, settings, Setting::key_file, "use an OAuth client, or to set this later");
    }
    if (settings.has(Setting::key_file)) {
        return;
    }
    ask(console, settings, Setting::client_id, "set Google credentials later");
    if (!settings.has(Setting::client_id)) {
        return;
    }
    ask(console, settings, Setting::client_secret);
    ask(console, settings, Setting::project);
}

// Asks for the settings that create needs and does not have, repeating each question until the
// answer is valid.
void ask_what_is_missing(output::Console& console, Settings& settings) {
    ask(console, settings, Setting::api_key);
    if (!settings.has(Setting::access_token)) {
        ask(console, settings, Setting::api_secret);
    }
    ask(console, settings, Setting::org_id);
    ask(console, settings, Setting::sandbox_name);
    ask_for_google(console, settings);
}

void print_next_steps(Context& context, const Settings& settings, const std::string& profile) {
    const std::string flag =
        profile == config::default_profile ? "" : " --profile " + shell_quoted(profile);
    if (!settings.has(Setting::key_file) && !settings.has(Setting::refresh_token)) {
        context.console.note("next: get a Google refresh token with bqconn auth google" + flag +
                             ", then run bqconn check" + flag);
    } else {
        context.console.note("next: run bqconn check" + flag);
    }
}

// What --manifest writes, with the sandbox and project of the settings.
constexpr std::string_view manifest_path = "bqconn.yaml";
constexpr std::string_view manifest_text =
    R"(# Which connections and dataflows should exist: bqconn diff shows what differs, and bqconn apply
# makes the sandboxes match. docs/as-code.md describes every key.

# Added to the description of everything that this file creates, so that apply --prune
# recognises it. To add nothing, use false.
mark: @MARK@

# The sandboxes of everything below, unless a connection or dataflow has its own.
sandboxes: [@SANDBOX@]

connections:
  - name: Warehouse
    kind: service                     # service: a key file; basic: an OAuth client
    project: @PROJECT@
    key-file: {env: WAREHOUSE_KEY}    # the key's JSON; or {file: key.json}, kept out of git
  # - name: Warehouse by OAuth
  #   description: Read by the sales dataflows
  #   kind: basic
  #   project: @PROJECT@
  #   client-id: {env: GOOGLE_CLIENT_ID}
  #   client-secret: {env: GOOGLE_CLIENT_SECRET}
  #   refresh-token: {file: refresh-token.txt}
  #   large-results-dataset: tmp_results

# dataflows:
#   - name: Orders
#     connection: Warehouse
#     table: shop.orders
#     into: Orders                    # a dataset: its name or ID
#     map:                            # or mapping: {file: orders.csv}
#       - order_id=_id
#       - ordered_at=timestamp
#     every: 1h                       # or, without delta, once: true
#     delta: ordered_at               # the column by which each run finds new rows
#     # columns: [order_id, ordered_at]
#     # filter: {file: filter.json}
#     # start: 2027-01-01T06:00:00Z
#     # backfill: false
#     # partial: 5
#     sandboxes:                      # all of its sandboxes; values in {} replace those above
#       @SANDBOX@: {every: 1d}
)";

// A mark made from the name of the current folder, because two files must not share a mark.
std::string mark_of_folder() {
    std::error_code ignored;
    std::string mark = std::filesystem::current_path(ignored).filename().string().substr(0, 64);
    for (char& c : mark) {
        const auto byte = static_cast<unsigned char>(c);
        c = byte < 0x80 && (std::isalnum(byte) != 0 || c == '.' || c == '_') ? c : '-';
    }
    return mark.empty() ? "bqconn-manifest" : mark;
}

void write_manifest(Context& context, const Task& task) {
    const std::string path(manifest_path);
    if (!task.has(Flag::force) && config::file_exists(path)) {
        throw Error(ExitCode::config, "config.manifest_exists", path + " already exists",
                    "to replace it, use --force");
    }
    const auto or_example = [&](Setting setting, const char* example) {
        return task.settings.text_if_set(setting).value_or(example);
    };
    std::string text(manifest_text);
    for (const auto& [placeholder, value] :
         {std::pair{"@MARK@", mark_of_folder()},
          {"@SANDBOX@", or_example(Setting::sandbox_name, "dev")},
          {"@PROJECT@", or_example(Setting::project, "my-project-123")}}) {
        text = replace_all(text, placeholder, value);
    }
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << text << std::flush;
    if (!file) {
        throw Error(ExitCode::config, "config.file_unwritable", path + " cannot be written",
                    "check the folder's permissions and free space");
    }
    context.console.result(task.format == Format::json
                               ? json::to_line(json::OrderedJson{{"path", path}}) + "\n"
                               : path + "\n");
    context.console.note("next: edit " + path + ", then run bqconn diff " + path);
}

void init(Context& context, const Task& task) {
    if (task.has(Flag::manifest)) {
        write_manifest(context, task);
        return;
    }
    Settings settings = task.settings;
    const std::string profile = settings.text_or_default(Setting::profile);
    const std::string path =
        config::profile_path(context.environment, profile, settings.source(Setting::profile));
    config::try_profile(path, {.secret = true, .allow_insecure = true});
    config::Missing unused;
    config::authentication(settings, unused);  // throws if two authentication types are mixed
    if (context.console.can_ask()) {
        context.console.explain(
            "bqconn init writes a profile, so that you need not repeat settings:\n  " + path +
            "\nIt asks for what is missing. Enter ? to see an explanation again. Ctrl-C quits;\n"
            "nothing is written before the last answer.");
    }
    warn_of_emulator(context, settings);
    check_replaceable(context, task, path);
    if (context.console.can_ask()) {
        ask_what_is_missing(context.console, settings);
    }
    config::write_profile(path, entries_of(settings));
    if (task.format == Format::json) {
        context.console.result(
            json::to_line(json::OrderedJson{{"profile", profile}, {"path", path}}) + "\n");
    } else {
        context.console.result(path + "\n");
    }
    print_next_steps(context, settings, profile);
}

}  // namespace

Verb init_verb() {
    return {
        .name = "init",
        .summary = "Write a profile, so you need not repeat settings",
        .usage = "init [flags]",
        .description =
            "Writes $XDG_CONFIG_HOME/bqconn/NAME.env (default: default.env), a profile that every "
            "verb reads, with a comment on each line and mode 0600. On a terminal it asks for "
            "missing settings and says where to find them; secrets are not shown while you type, "
            "and Ctrl-C quits without writing anything. Elsewhere it writes the settings it has "
            "and leaves the rest for you to fill in, except for Google's refresh token: bqconn "
            "auth google adds it.\n\n"
            "Files given with --credentials are not copied: the profile refers to them. Other "
            "profiles are not read. No call is made.\n\n"
            "With --manifest, writes bqconn.yaml instead: an example manifest, with comments, for "
            "bqconn diff and bqconn apply.",
        .examples =
            "  # On a terminal: answer its questions\n"
            "  bqconn init\n\n"
            "  # From files you already have\n"
            "  bqconn init --profile prod --sandbox prod --credentials adobe.json --key-file "
            "key.json\n"
            "  bqconn list --profile prod\n\n"
            "  # An example manifest for bqconn diff and bqconn apply\n"
            "  bqconn init --manifest",
        .switches = {{Flag::force, "--force", "Replace the file if it exists, without asking"},
                     {Flag::manifest, "--manifest",
                      "Write an example manifest, bqconn.yaml, instead of a profile"}},
        .settings = with_common(with_google({Setting::google_auth_url}),
                                {Setting::pager, Setting::log_file}),
        .formats = {Format::text, Format::json},
        .profiles = config::Profiles::ignored,
        .run = init,
    };
}

}  // namespace bqconn::commands
