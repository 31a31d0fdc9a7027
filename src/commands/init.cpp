// bqconn init: writes a profile.
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include "bqconn/commands/verbs.hpp"
#include "bqconn/config/assemble.hpp"
#include "bqconn/config/profiles.hpp"
#include "bqconn/config/settings.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/json/parse.hpp"
#include "commands/questions.hpp"

namespace bqconn::commands {
namespace {

using config::ProfileEntry;
using config::Setting;
using config::Settings;

// The lines of a profile, in order.
struct Line {
    Setting setting;
    bool always = false;   // without a value, written as a comment to fill in
    bool is_path = false;  // made absolute: later runs start in other folders
};

constexpr auto profile_lines = std::to_array<Line>({
    {Setting::credentials, false, true},
    {Setting::api_key, true},
    {Setting::api_secret, true},
    {Setting::access_token},
    {Setting::scopes},
    {Setting::org_id, true},
    {Setting::sandbox_name, true},
    {Setting::project, true},
    {Setting::key_file, true, true},
    {Setting::client_id, true},
    {Setting::client_secret, true},
    {Setting::refresh_token, true},
    {Setting::large_results_dataset},
    {Setting::dataset},
    {Setting::platform_url},
    {Setting::ims_url},
    {Setting::google_auth_url},
    {Setting::google_token_url},
    {Setting::bigquery_url},
    {Setting::ca_file, false, true},
});

bool has_key(const Settings& settings) {
    return settings.has(Setting::key_file);
}

bool is_of_oauth_client(Setting setting) {
    return setting == Setting::client_id || setting == Setting::client_secret ||
           setting == Setting::refresh_token;
}

// Not written to the profile: it comes from a file that the profile names, or from a variable of
// another program.
bool is_elsewhere(const Settings& settings, Setting setting) {
    if (setting == Setting::credentials || !settings.has(setting)) {
        return false;
    }
    const config::Source& source = settings.source(setting);
    return source.kind == config::Source::Kind::credentials ||
           (source.kind == config::Source::Kind::environment &&
            !source.name.starts_with(config::variable_prefix));
}

// No line to fill in if it would select a second authentication type.
bool is_wanted(const Settings& settings, const Line& line) {
    if (is_elsewhere(settings, line.setting)) {
        return false;
    }
    if (settings.has(line.setting)) {
        return true;
    }
    if (line.setting == Setting::api_secret) {
        return !settings.has(Setting::access_token);
    }
    if (line.setting == Setting::key_file) {
        return !settings.has(Setting::client_id);
    }
    return line.always && !(has_key(settings) && is_of_oauth_client(line.setting));
}

Secret absolute(const std::string& paths) {
    std::vector<std::string> names;
    for (const auto& path : split(paths, ':')) {
        // The files were just read, so a missing one is part of a path that contains a colon.
        if (!std::filesystem::exists(path)) {
            throw Error(ExitCode::config, "config.unwritable_value",
                        std::string(config::spec_of(Setting::credentials).variable) +
                            ": a path with a colon cannot be part of a list of files",
                        "rename or move the file");
        }
        names.push_back(std::filesystem::absolute(path).lexically_normal().string());
    }
    return Secret(join(names, ":"));
}

Secret value_of(const Settings& settings, const Line& line) {
    if (!line.is_path) {
        return settings.either(line.setting);
    }
    const std::string& text = settings.text(line.setting);
    return line.setting == Setting::credentials
               ? absolute(text)
               : Secret(std::filesystem::absolute(text).lexically_normal().string());
}

std::string comment_of(const config::SettingSpec& spec, bool has_value) {
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
    for (const auto& line : profile_lines) {
        if (!is_wanted(settings, line)) {
            continue;
        }
        const auto& spec = config::spec_of(line.setting);
        const bool has_value = settings.has(line.setting);
        entries.push_back({std::string(spec.variable),
                           has_value ? std::optional(value_of(settings, line)) : std::nullopt,
                           comment_of(spec, has_value)});
    }
    return entries;
}

// Called before asking any questions, so that no answers are lost.
void check_replaceable(Context& context, const Task& task, const std::string& path) {
    struct stat status {};
    if (task.has("--force") || ::lstat(path.c_str(), &status) != 0) {
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

void print_next_steps(Context& context, const Settings& settings, const std::string& profile) {
    const std::string flag =
        profile == config::default_profile ? "" : " --profile " + shell_quoted(profile);
    if (!has_key(settings) && !settings.has(Setting::refresh_token)) {
        context.console.note("next: get a Google refresh token with bqconn auth google" + flag +
                             ", then run bqconn check" + flag);
    } else {
        context.console.note("next: run bqconn check" + flag);
    }
}

}  // namespace

void init(Context& context, const Task& task) {
    Settings settings = task.settings;
    const bool named = settings.has(Setting::profile);
    const std::string profile =
        named ? settings.text(Setting::profile) : std::string(config::default_profile);
    const std::string path = config::profile_path(
        context.environment, profile, named ? settings.source(Setting::profile) : config::Source{});
    config::try_profile(path, {.secret = true, .allow_insecure = true});
    config::Missing unused;
    config::authentication(settings, unused);  // throws if two authentication types are mixed
    check_replaceable(context, task, path);
    if (context.console.can_ask()) {
        ask_what_is_missing(context.console, settings);
    }
    config::write_profile(path, entries_of(settings));
    if (task.format == output::Format::json) {
        context.console.result(
            json::to_line(json::OrderedJson{{"profile", profile}, {"path", path}}) + "\n");
    } else {
        context.console.result(path + "\n");
    }
    print_next_steps(context, settings, profile);
}

}  // namespace bqconn::commands
