// The local checks of bqconn check: settings and files.
#include <sys/stat.h>

#include <set>

#include "bqconn/config/assemble.hpp"
#include "bqconn/core/error.hpp"
#include "commands/checks.hpp"

namespace bqconn::commands {
namespace {

using config::Setting;
using config::Settings;
using output::Report;

// Stores what `make` returns unless a setting is missing.
template <typename Value, typename Make>
void make_or_report(std::optional<Value>& value, Report& report, const std::string& name,
                    const Make& make) {
    try {
        config::Missing missing;
        Value made = make(missing);
        missing.report();
        value = std::move(made);
    } catch (const Error& error) {
        report.push_back(output::failed(name, error));
    }
}

std::string identity_of(const Settings& settings) {
    return settings.has(Setting::key_file)
               ? settings.key()->client_email
               : "the OAuth client " + settings.text(Setting::client_id);
}

std::string octal(mode_t mode) {
    std::string digits = "0";
    for (const unsigned int shift : {6U, 3U, 0U}) {
        digits += static_cast<char>('0' + ((mode >> shift) & 7U));
    }
    return digits;
}

std::string kind_of(const Settings& settings, const std::string& path) {
    if (settings.has(Setting::key_file) && settings.text(Setting::key_file) == path) {
        return "a Google service-account key";
    }
    for (const auto& spec : config::all_settings()) {
        if (settings.has(spec.setting) && settings.source(spec.setting).file == path) {
            switch (settings.source(spec.setting).kind) {
                case config::Source::Kind::profile:
                    return "a profile";
                case config::Source::Kind::env_file:
                    return "a dotenv file";
                default:
                    return "a credential file";
            }
        }
    }
    return "a file";
}

std::set<std::string> files_of(const Settings& settings) {
    std::set<std::string> files;
    for (const auto& spec : config::all_settings()) {
        if (settings.has(spec.setting) && !settings.source(spec.setting).file.empty()) {
            files.insert(settings.source(spec.setting).file);
        }
    }
    if (settings.has(Setting::key_file)) {
        files.insert(settings.text(Setting::key_file));
    }
    return files;
}

void check_file(const Settings& settings, const std::string& path, std::chrono::sys_seconds now,
                Report& report) {
    constexpr long day = 24 * 60 * 60;
    constexpr long old_key = 90;
    constexpr mode_t of_others = 077;
    struct stat file {};
    if (::stat(path.c_str(), &file) != 0 || !S_ISREG(file.st_mode)) {
        return;  // a pipe, already read
    }
    const long days = std::max(0L, (now.time_since_epoch().count() - file.st_mtime) / day);
    const std::string kind = kind_of(settings, path);
    const std::string words = path + ": " + kind + ", mode " + octal(file.st_mode) + ", " +
                              std::to_string(days) + (days == 1 ? " day old" : " days old");
    if ((file.st_mode & of_others) != 0) {
        report.push_back(
            output::warning("file", words + ": other users can access it", "chmod 600 " + path));
    } else if (kind.find("key") != std::string::npos && days > old_key) {
        report.push_back(output::warning(
            "file", words,
            "Google advises replacing keys every 90 days: create a new one, then run bqconn update "
            "--rotate"));
    } else {
        report.push_back(output::good("file", words));
    }
}

}  // namespace

void check_settings(const Settings& settings, Plan& plan, Report& report) {
    try {
        plan.google = config::google_services(settings);
    } catch (const Error& error) {
        report.push_back(output::failed("settings.google", error));
        return;
    }
    make_or_report(plan.access, report, "settings.adobe",
                   [&](config::Missing& missing) { return config::access(settings, missing); });
    make_or_report(plan.auth, report, "settings.google", [&](config::Missing& missing) {
        return config::authentication(settings, missing);
    });
    if (plan.access) {
        report.push_back(output::good(
            "settings.adobe", "Adobe: client " + plan.access->api_key + ", organisation " +
                                  plan.access->org_id + ", sandbox " + plan.access->sandbox_name));
    }
    if (plan.auth) {
        report.push_back(output::good(
            "settings.google", "Google: " + std::string(plan.auth->spec_name) + ", project " +
                                   settings.text(Setting::project) + ", " + identity_of(settings)));
    }
    for (const auto& warning : settings.warnings()) {
        report.push_back(output::warning("settings", warning, ""));
    }
}

void check_files(Context& context, const Settings& settings, Report& report) {
    for (const auto& path : files_of(settings)) {
        check_file(settings, path, context.clock.date(), report);
    }
}

}  // namespace bqconn::commands
