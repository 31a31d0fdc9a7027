// bqconn init: writes a profile.
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include "bqconn/commands/verbs.hpp"
#include "bqconn/config/assemble.hpp"
#include "bqconn/config/defaults.hpp"
#include "bqconn/config/profile_file.hpp"
#include "bqconn/config/profiles.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/json/parse.hpp"
#include "commands/questions.hpp"

namespace bqconn::commands {
namespace {

using config::ProfileEntry;
using config::Setting;
using config::Settings;

// What stands in a profile, in its order.
struct Line {
    Setting setting;
    bool always = false;   // it is there to be filled in, if it has no value
    bool is_path = false;  // taken from the current folder, which will be another one
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

// What is not to be written: it stands in a file that the profile names, or is not ours.
bool is_elsewhere(const Settings& settings, Setting setting) {
    if (setting == Setting::credentials || !settings.has(setting)) {
        return false;
    }
    const config::Source& source = settings.source(setting);
    return source.kind == config::Source::Kind::credentials ||
           (source.kind == config::Source::Kind::environment &&
            !source.name.starts_with(config::variable_prefix));
}

// A line that would be a second kind of authentication has no place to be filled in.
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
        // It was read a moment ago: what is not there now was a part of a path.
        if (!std::filesystem::exists(path)) {
            throw Error(ExitCode::config, "config.unwritable_value",
                        std::string(config::spec_of(Setting::credentials).variable) +
                            ": a file whose path holds a colon cannot stand in a list of files",
                        "rename the file, or copy it to another place");
        }
        names.push_back(std::filesystem::absolute(path).lexically_normal().string());
    }
    return Secret(join(names, ":"));
}

Secret value_of(const Settings& settings, const Line& line) {
    if (!line.is_path) {
        return settings.secret(line.setting);
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
    return has_value ? comment : comment + "\nNot set yet: take the # away and fill it in";
}

std::vector<ProfileEntry> entries_of(const Settings& settings) {
    std::vector<ProfileEntry> entries{
        {"",
         {},
         "A profile of bqconn: its settings, and secrets among them. bqconn config shows "
         "what is in effect."}};
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

// Before anything is asked for that would be in vain.
void may_be_written(Context& context, const Task& task, const std::string& path) {
    struct stat status {};
    if (task.has("--force") || ::lstat(path.c_str(), &status) != 0) {
        return;
    }
    if (!context.console.can_ask()) {
        throw Error(ExitCode::config, "config.profile_exists", path + " exists",
                    "--force replaces it; --profile NAME makes another one");
    }
    if (!context.console.confirm(path + " exists. Replace it?")) {
        throw Error(ExitCode::usage, "usage.not_confirmed", path + " was not replaced",
                    "--profile NAME makes another one");
    }
}

void say_what_comes_next(Context& context, const Settings& settings, const std::string& profile) {
    const std::string flag =
        profile == config::default_profile ? "" : " --profile " + shell_quoted(profile);
    if (!has_key(settings) && !settings.has(Setting::refresh_token)) {
        context.console.note("next: bqconn auth google" + flag +
                             " gets a refresh token of Google; then bqconn check" + flag);
    } else {
        context.console.note("next: bqconn check" + flag);
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
    config::authentication(settings, unused);  // of one kind
    may_be_written(context, task, path);
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
    say_what_comes_next(context, settings, profile);
}

}  // namespace bqconn::commands
