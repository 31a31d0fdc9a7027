#include "bqconn/config/resolve.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "bqconn/config/files.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/core/text.hpp"
#include "config/layers.hpp"

namespace bqconn::config {
namespace {

ExitCode exit_code_of(const Source& source) {
    const bool typed =
        source.kind == Source::Kind::flag || source.kind == Source::Kind::environment;
    return typed ? ExitCode::usage : ExitCode::config;
}

Secret read_value(const Raw& raw, const FilePolicy& policy, std::istream& in) {
    switch (raw.form) {
        case Raw::Form::literal:
            return raw.text;
        case Raw::Form::file:
            return drop_trailing_newline(read_file(raw.text.reveal(), policy.for_secrets()));
        case Raw::Form::standard_input:
            return drop_trailing_newline(read_stream(in, describe(raw.source)));
    }
    return raw.text;
}

// A bad file name in a flag is a usage error; bad content is a config error.
void check_value(const SettingSpec& spec, const Raw& raw, const Secret& value) {
    if (spec.check == nullptr) {
        return;
    }
    const auto finding = spec.check(value.reveal());
    if (!finding) {
        return;
    }
    std::string where = describe(raw.source);
    ExitCode exit_code = exit_code_of(raw.source);
    if (raw.form == Raw::Form::file) {
        where += ": the content of " + raw.text.reveal();
        exit_code = ExitCode::config;
    } else if (raw.form == Raw::Form::standard_input) {
        where += ": standard input";
    }
    throw Error(exit_code,
                exit_code == ExitCode::usage ? "usage.invalid_value" : "config.invalid_value",
                where + " " + finding->problem, finding->hint);
}

void check_standard_input_used_once(const Layer& flags) {
    const Raw* first = nullptr;
    for (const auto& [setting, raws] : flags) {
        for (const auto& raw : raws) {
            if (raw.form != Raw::Form::standard_input) {
                continue;
            }
            if (first != nullptr) {
                throw Error(ExitCode::usage, "usage.standard_input_twice",
                            describe(first->source) + " and " + describe(raw.source) +
                                " both read standard input",
                            "pass one of them as @FILE or in its variable");
            }
            first = &raw;
        }
    }
}

bool is_wanted(std::span<const Setting> wanted, Setting setting) {
    return wanted.empty() || std::find(wanted.begin(), wanted.end(), setting) != wanted.end();
}

// Stores the list in the form of the variable.
void take_files(Settings& settings, Setting setting, const std::vector<Raw>& paths,
                std::span<const Setting> wanted) {
    if (paths.empty() || !is_wanted(wanted, setting)) {
        return;
    }
    std::vector<std::string> names;
    names.reserve(paths.size());
    for (const auto& path : paths) {
        names.push_back(path.text.reveal());
    }
    settings.set(setting, {Secret(join(names, ":")), paths.front().source});
}

// Layers from the highest to the lowest.
void take_values(Settings& settings, const std::vector<const Layer*>& layers,
                 const FilePolicy& policy, std::istream& in, std::span<const Setting> wanted) {
    for (const auto& spec : all_settings()) {
        if (spec.takes == Takes::files || !is_wanted(wanted, spec.setting)) {
            continue;
        }
        for (const Layer* layer : layers) {
            const auto found = layer->find(spec.setting);
            if (found == layer->end()) {
                continue;
            }
            const Raw& raw = found->second.back();
            Secret value = read_value(raw, policy, in);
            check_value(spec, raw, value);
            settings.set(spec.setting, {std::move(value), raw.source});
            break;
        }
    }
}

void take_key(Settings& settings, CredentialLayer& credentials, const FilePolicy& policy) {
    if (!settings.has(Setting::key_file)) {
        return;
    }
    const std::string path = settings.text(Setting::key_file);
    if (settings.source(Setting::key_file).kind == Source::Kind::credentials) {
        settings.set_key(std::move(*credentials.key));
    } else {
        settings.set_key(
            parse_service_account_key(read_file(path, policy.for_secrets()).reveal(), path));
    }
    const std::string& key_project = settings.key()->project_id;
    if (key_project.empty()) {
        return;
    }
    if (!settings.has(Setting::project)) {
        const Source source{Source::Kind::credentials, "project_id", path, 0};
        check_value(spec_of(Setting::project), {Secret(key_project), Raw::Form::literal, source},
                    Secret(key_project));
        settings.set(Setting::project, {Secret(key_project), source});
    } else if (settings.text(Setting::project) != key_project) {
        settings.warn("the service account in " + path + " belongs to project " + key_project +
                      ", but the connection is for " + settings.text(Setting::project) +
                      ": it needs roles in that project");
    }
}

// A stored access token goes stale after a day, so an API secret takes precedence over it. A token
// in a flag or variable was given on purpose.
void drop_stored_token(Settings& settings) {
    if (settings.has(Setting::access_token) && settings.has(Setting::api_secret) &&
        settings.source(Setting::access_token).kind == Source::Kind::credentials) {
        settings.drop(Setting::access_token);
    }
}

// Honours the variables of curl and OpenSSL.
void take_ca_file(Settings& settings, const Environment& environment) {
    for (const char* const name : {"SSL_CERT_FILE", "CURL_CA_BUNDLE"}) {
        const auto path = find(environment, name);
        if (!path.empty() && !settings.has(Setting::ca_file)) {
            settings.set(Setting::ca_file,
                         {Secret(std::string(path)), {Source::Kind::environment, name, "", 0}});
        }
    }
}

void add_warnings(Settings& settings) {
    const auto warn = [&settings](Setting setting, auto check) {
        if (!settings.has(setting)) {
            return;
        }
        const bool secret = spec_of(setting).takes == Takes::secret;
        const auto warning =
            check(secret ? settings.secret(setting).reveal() : settings.text(setting));
        if (warning) {
            settings.warn(describe(settings.source(setting)) + ": " + *warning);
        }
    };
    warn(Setting::client_id, connection::warn_client_id);
    warn(Setting::refresh_token, connection::warn_refresh_token);
    warn(Setting::access_token, connection::warn_access_token);
}

}  // namespace

const std::string& Settings::text(Setting setting) const {
    return values_.at(setting).value.reveal();
}

const Secret& Settings::secret(Setting setting) const {
    return values_.at(setting).value;
}

const Source& Settings::source(Setting setting) const {
    return values_.at(setting).source;
}

bool Settings::is_on(Setting setting) const {
    return has(setting) && text(setting) == "true";
}

Settings resolve(const Typed& typed, const Environment& environment, std::istream& in,
                 std::span<const Setting> wanted, Profiles profiles) {
    Settings settings;
    const Layer flags = flags_layer(typed);
    check_standard_input_used_once(flags);
    const Layer variables = environment_layer(environment, settings);
    const FilePolicy policy = file_policy(flags, variables);

    const std::vector<Raw> env_paths = first_of(Setting::env_file, {&flags, &variables});
    const std::vector<Layer> env_files = env_file_layers(env_paths, policy);
    const Layer profile = profiles == Profiles::ignored
                              ? Layer()
                              : profile_layer(first_of(Setting::profile, {&flags, &variables}),
                                              environment, policy, profiles);

    std::vector<const Layer*> layers{&flags, &variables};
    for (auto file = env_files.rbegin(); file != env_files.rend(); ++file) {
        layers.push_back(&*file);
    }
    std::vector<const Layer*> with_profile = layers;
    with_profile.push_back(&profile);
    const std::vector<Raw> credential_paths = first_of(Setting::credentials, with_profile);
    CredentialLayer credentials = credentials_layer(credential_paths, policy);
    // A profile's own settings take precedence over the files that it names.
    const bool named_by_profile =
        !credential_paths.empty() && credential_paths.front().source.kind == Source::Kind::profile;
    layers.push_back(named_by_profile ? &profile : &credentials.values);
    layers.push_back(named_by_profile ? &credentials.values : &profile);

    take_values(settings, layers, policy, in, wanted);
    take_files(settings, Setting::env_file, env_paths, wanted);
    take_files(settings, Setting::credentials, credential_paths, wanted);
    take_key(settings, credentials, policy);
    drop_stored_token(settings);
    take_ca_file(settings, environment);
    add_warnings(settings);
    return settings;
}

std::string_view find(const Environment& environment, std::string_view name) {
    const auto found = environment.find(name);
    return found == environment.end() ? std::string_view{}
                                      : std::string_view(found->second.reveal());
}

}  // namespace bqconn::config
