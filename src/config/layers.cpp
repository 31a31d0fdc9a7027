#include "config/layers.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "bqconn/config/dotenv.hpp"
#include "bqconn/config/profiles.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/core/inert.hpp"
#include "bqconn/core/text.hpp"

namespace bqconn::config {
namespace {

constexpr char list_separator = ':';

// A file must not decide which files are read, or how.
bool is_allowed_in_file(Setting setting) {
    return setting != Setting::env_file && setting != Setting::profile &&
           setting != Setting::allow_insecure_files;
}

std::string unknown_name_hint(std::string_view name) {
    const auto meant = nearest_variable(name);
    return meant ? "did you mean " + *meant + "?" : "bqconn create --help lists the names";
}

Raw typed_value(const SettingSpec& spec, const Secret& typed) {
    const Source source{Source::Kind::flag, std::string(spec.flag), "", 0};
    const std::string& text = typed.reveal();
    if (spec.takes == Takes::secret && text == "-") {
        return {Secret(), Raw::Form::standard_input, source};
    }
    if (spec.takes == Takes::secret && text.starts_with('@')) {
        return {Secret(text.substr(1)), Raw::Form::file, source};
    }
    return {typed, Raw::Form::literal, source};
}

void throw_both_set(const Source& first, const Source& second, ExitCode exit_code) {
    throw Error(exit_code,
                exit_code == ExitCode::usage ? "usage.both_variable_and_file"
                                             : "config.both_variable_and_file",
                describe(first) + " and " + describe(second) + " are both set", "keep one of them");
}

// Adds a variable from the environment or a dotenv file to `layer`.
void add_variable(Layer& layer, const Variable& variable, const Secret& value,
                  const Source& source) {
    const bool in_environment = source.kind == Source::Kind::environment;
    const ExitCode exit_code = in_environment ? ExitCode::usage : ExitCode::config;
    if (value.empty()) {
        throw Error(exit_code, in_environment ? "usage.empty_value" : "config.empty_value",
                    describe(source) + " is empty",
                    "give it a value, or remove it (unset " + source.name + ")");
    }
    auto& values = layer[variable.spec->setting];
    if (!values.empty()) {
        throw_both_set(values.front().source, source, exit_code);
    }
    const auto form = variable.is_file_twin ? Raw::Form::file : Raw::Form::literal;
    if (variable.spec->takes == Takes::files) {
        for (auto& path : split(value.reveal(), list_separator)) {
            values.push_back({Secret(std::move(path)), Raw::Form::literal, source});
        }
        return;
    }
    if (variable.spec->takes == Takes::yes_no && value.reveal() != "true" &&
        value.reveal() != "false") {
        throw Error(exit_code, in_environment ? "usage.invalid_value" : "config.invalid_value",
                    describe(source) + " must be true or false");
    }
    values.push_back({value, form, source});
}

Layer dotenv_layer(const Secret& text, const std::string& file, Source::Kind kind) {
    Layer layer;
    for (const auto& entry : parse_dotenv(text.reveal(), file)) {
        const Source source{kind, entry.name, file, entry.line};
        const auto variable = find_variable(entry.name);
        if (variable && !is_allowed_in_file(variable->spec->setting)) {
            throw Error(ExitCode::config, "config.not_in_a_file",
                        describe(source) + " is not allowed in a file",
                        "set it with a flag (" + std::string(variable->spec->flag) +
                            ") or in the environment");
        }
        if (variable) {
            add_variable(layer, *variable, entry.value, source);
        } else if (entry.name.starts_with(variable_prefix) && !is_result_variable(entry.name)) {
            throw Error(ExitCode::config, "config.unknown_name",
                        inert_line(describe(source)) + " is not a bqconn setting",
                        unknown_name_hint(entry.name));
        }
    }
    return layer;
}

void add_text(CredentialLayer& layer, const std::string& file, Setting setting,
              const Secret& value) {
    if (value.empty()) {
        return;
    }
    const Source source{Source::Kind::credentials, std::string(spec_of(setting).flag).substr(2),
                        file, 0};
    auto& values = layer.values[setting];
    if (!values.empty() && values.front().text.reveal() != value.reveal()) {
        throw Error(ExitCode::config, "config.credentials_disagree",
                    values.front().source.file + " and " + file + " have different values for " +
                        label_of(setting),
                    "give only one of the two files with --credentials");
    }
    values.assign(1, {value, Raw::Form::literal, source});
}

void add_credentials(CredentialLayer& layer, const std::string& file, ServiceAccountKey key) {
    add_text(layer, file, Setting::key_file, Secret(file));
    layer.key = std::move(key);
}

void add_credentials(CredentialLayer& layer, const std::string& file, const AuthorizedUser& user) {
    add_text(layer, file, Setting::client_id, Secret(user.client_id));
    add_text(layer, file, Setting::client_secret, user.client_secret);
    add_text(layer, file, Setting::refresh_token, user.refresh_token);
}

void add_credentials(CredentialLayer& layer, const std::string& file, const OAuthClient& client) {
    add_text(layer, file, Setting::client_id, Secret(client.client_id));
    add_text(layer, file, Setting::client_secret, client.client_secret);
}

void add_credentials(CredentialLayer& layer, const std::string& file,
                     const AdobeCredentials& adobe) {
    add_text(layer, file, Setting::api_key, Secret(adobe.api_key));
    add_text(layer, file, Setting::api_secret, adobe.api_secret);
    add_text(layer, file, Setting::access_token, adobe.access_token);
    add_text(layer, file, Setting::scopes, Secret(adobe.scopes));
    add_text(layer, file, Setting::org_id, Secret(adobe.org_id));
    add_text(layer, file, Setting::sandbox_name, Secret(adobe.sandbox_name));
}

}  // namespace

std::vector<Raw> first_of(Setting setting, const std::vector<const Layer*>& layers) {
    for (const Layer* layer : layers) {
        if (const auto found = layer->find(setting); found != layer->end()) {
            return found->second;
        }
    }
    return {};
}

Layer flags_layer(const Typed& typed) {
    Layer layer;
    for (const auto& [setting, values] : typed) {
        const auto& spec = spec_of(setting);
        for (const auto& value : values) {
            if (value.empty()) {
                throw Error(ExitCode::usage, "usage.empty_value",
                            std::string(spec.flag) + " is empty", "give a value, or omit the flag");
            }
            layer[setting].push_back(typed_value(spec, value));
        }
    }
    return layer;
}

Layer environment_layer(const Environment& environment, Settings& warnings) {
    Layer layer;
    for (const auto& [name, value] : environment) {
        if (!name.starts_with(variable_prefix)) {
            continue;
        }
        if (const auto variable = find_variable(name)) {
            add_variable(layer, *variable, value, {Source::Kind::environment, name, "", 0});
        } else if (!is_result_variable(name)) {
            warnings.warn("the variable " + name +
                          " is not a bqconn setting: " + unknown_name_hint(name));
        }
    }
    return layer;
}

FilePolicy file_policy(const Layer& flags, const Layer& variables) {
    const auto allow = first_of(Setting::allow_insecure_files, {&flags, &variables});
    return {.allow_insecure = !allow.empty() && allow.back().text.reveal() == "true"};
}

std::vector<Layer> env_file_layers(const std::vector<Raw>& paths, const FilePolicy& policy) {
    std::vector<Layer> layers;
    layers.reserve(paths.size());
    for (const auto& path : paths) {
        const std::string& file = path.text.reveal();
        layers.push_back(
            dotenv_layer(read_file(file, policy.for_secrets()), file, Source::Kind::env_file));
    }
    return layers;
}

Layer profile_layer(const std::vector<Raw>& name, const Environment& environment,
                    const FilePolicy& policy, Profiles profiles) {
    if (name.empty()) {
        if (profile_folder(environment).empty()) {
            return {};
        }
        const std::string file = profile_path(environment, default_profile, {});
        const auto text = read_file_if_exists(file, policy.for_secrets());
        return text ? dotenv_layer(*text, file, Source::Kind::profile) : Layer{};
    }
    const std::string file =
        profile_path(environment, name.back().text.reveal(), name.back().source);
    const auto text = profiles == Profiles::may_be_new
                          ? read_file_if_exists(file, policy.for_secrets())
                          : std::optional(read_file(file, policy.for_secrets()));
    return text ? dotenv_layer(*text, file, Source::Kind::profile) : Layer{};
}

CredentialLayer credentials_layer(const std::vector<Raw>& paths, const FilePolicy& policy) {
    CredentialLayer layer;
    for (const auto& path : paths) {
        const std::string& file = path.text.reveal();
        CredentialFile credentials =
            recognise_credentials(read_file(file, policy.for_secrets()).reveal(), file);
        std::visit([&](auto& content) { add_credentials(layer, file, std::move(content)); },
                   credentials);
    }
    return layer;
}

}  // namespace bqconn::config
