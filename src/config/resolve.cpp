#include "bqconn/config/resolve.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <system_error>
#include <utility>

#include "bqconn/config/dotenv.hpp"
#include "bqconn/config/files.hpp"
#include "bqconn/config/profiles.hpp"
#include "bqconn/core/inert.hpp"
#include "bqconn/core/secret_shape.hpp"
#include "bqconn/core/text.hpp"

namespace bqconn::config {
namespace {

using Kind = Source::Kind;

// An unresolved value; a file that it names is read only if the value is used.
struct Raw {
    enum class Form { literal, file, standard_input };
    Secret text;  // the value, or the path of the file
    Form form = Form::literal;
    Source source;
};

// What one source gives.
using Layer = std::map<Setting, std::vector<Raw>>;
using Layers = std::vector<const Layer*>;  // the highest first

struct CredentialLayer {
    Layer values;
    std::optional<ServiceAccountKey> key;
    std::optional<Error> elsewhere;  // this and the rest: as in CredentialFile
    std::optional<std::vector<std::string>> web_redirects;
    std::vector<std::string> warnings;
};

// The values of `setting` in the first layer that has it.
std::vector<Raw> first_of(Setting setting, const Layers& layers) {
    for (const Layer* layer : layers) {
        if (const auto found = layer->find(setting); found != layer->end()) {
            return found->second;
        }
    }
    return {};
}

// A file must not decide which files are read, or how.
bool is_allowed_in_file(Setting setting) {
    return setting != Setting::env_file && setting != Setting::profile &&
           setting != Setting::allow_insecure_files;
}

// Up to the first character that no name has: "NAME:value" was meant to be "NAME=value".
std::string_view name_start(std::string_view name) {
    return name.substr(0, name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"));
}

std::string unknown_name_hint(std::string_view name) {
    const auto meant = nearest_variable(name_start(name));
    return meant ? "did you mean " + *meant + "?" : "bqconn create --help lists the names";
}

Raw typed_value(const SettingSpec& spec, const Secret& typed) {
    const Source source{.kind = Kind::flag, .name = std::string(spec.flag)};
    const std::string& text = typed.reveal();
    if (spec.takes == Takes::secret && text == "-") {
        return {Secret(), Raw::Form::standard_input, source};
    }
    if (spec.takes == Takes::secret && text.starts_with('@')) {
        return {Secret(text.substr(1)), Raw::Form::file, source};
    }
    return {typed, Raw::Form::literal, source};
}

Layer flags_layer(const Typed& typed) {
    Layer layer;
    for (const auto& [setting, values] : typed) {
        const auto& spec = spec_of(setting);
        for (const auto& value : values) {
            if (value.empty()) {
                throw Error(ExitCode::usage, "usage.empty_value",
                            std::string(spec.flag) + " is empty", "pass a value, or omit the flag");
            }
            layer[setting].push_back(typed_value(spec, value));
        }
    }
    return layer;
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

// "true" or "false"; none for another word.
std::optional<std::string> yes_or_no(std::string_view value) {
    constexpr std::array<std::string_view, 4> yes{"true", "1", "on", "yes"};
    constexpr std::array<std::string_view, 4> no{"false", "0", "off", "no"};
    const std::string word = to_lower_ascii(value);
    const bool is_yes = std::find(yes.begin(), yes.end(), word) != yes.end();
    const bool is_no = std::find(no.begin(), no.end(), word) != no.end();
    return is_yes || is_no ? std::optional<std::string>(is_yes ? "true" : "false") : std::nullopt;
}

// Adds a variable from the environment or a dotenv file to `layer`; an empty one only to `notes`.
void add_variable(Layer& layer, const Variable& variable, const Secret& given, const Source& source,
                  Settings& notes) {
    const bool typed = source.is_typed();
    const Secret value = bare_value(given);
    if (value.empty()) {
        notes.note_empty(variable.spec->setting, source);
        return;
    }
    auto& values = layer[variable.spec->setting];
    if (!values.empty()) {
        throw Error(typed ? ExitCode::usage : ExitCode::config,
                    typed ? "usage.both_variable_and_file" : "config.both_variable_and_file",
                    describe(values.front().source) + " and " + describe(source) + " are both set",
                    "keep one of them");
    }
    if (variable.spec->takes == Takes::yes_no) {
        const auto word = yes_or_no(value.reveal());
        if (!word) {
            throw invalid_value(typed, describe(source) + " must be true or false",
                                "1, on and yes, or 0, off and no, are accepted too");
        }
        values.push_back({Secret(*word), Raw::Form::literal, source});
    } else if (variable.spec->takes == Takes::files &&
               !find_secret_as_path(*variable.spec, value.reveal())) {
        for (auto& path : split(value.reveal(), ':')) {
            values.push_back({Secret(std::move(path)), Raw::Form::literal, source});
        }
    } else {
        values.push_back(
            {value, variable.is_file_twin ? Raw::Form::file : Raw::Form::literal, source});
    }
}

Layer environment_layer(const Environment& environment, Settings& notes) {
    Layer layer;
    for (const auto& [name, value] : environment) {
        if (!name.starts_with(variable_prefix)) {
            continue;
        }
        if (const auto variable = find_variable(name)) {
            add_variable(layer, *variable, value, {.kind = Kind::environment, .name = name}, notes);
        } else if (!is_result_variable(name)) {
            const std::string_view shown = name_start(name);
            notes.warn("the variable " + std::string(shown) +
                       (shown == name ? "" : "... (the rest is not shown: it may be a secret)") +
                       " is not a bqconn setting: " + unknown_name_hint(name));
        }
    }
    return layer;
}

Layer dotenv_layer(const Secret& text, const std::string& file, Kind kind, Settings& notes) {
    Layer layer;
    for (const auto& entry : parse_dotenv(text.reveal(), file)) {
        const Source source{.kind = kind, .name = entry.name, .file = file, .line = entry.line};
        const auto variable = find_variable(entry.name);
        if (variable && !is_allowed_in_file(variable->spec->setting)) {
            throw Error(ExitCode::config, "config.not_in_a_file",
                        describe(source) + " is not allowed in a file",
                        "set it with a flag (" + std::string(variable->spec->flag) +
                            ") or in the environment");
        }
        if (variable) {
            add_variable(layer, *variable, entry.value, source, notes);
        } else if (!is_result_variable(entry.name)) {
            throw Error(ExitCode::config, "config.unknown_name",
                        inert_line(describe(source)) + " is not a bqconn setting",
                        unknown_name_hint(entry.name));
        }
    }
    return layer;
}

// Refuses what cannot be the path of a file, before it is opened and without showing it. A path
// that is merely wrong is reported when the file is opened.
void check_path(const SettingSpec& spec, const Raw& raw) {
    const std::string& path = raw.text.reveal();
    if (file_exists(path)) {
        return;
    }
    auto finding = find_secret_as_path(spec, path);
    if (!finding) {
        finding = connection::check_plain_value(path);
    }
    if (finding) {
        throw invalid_value(raw.source.is_typed(), describe(raw.source) + " " + finding->problem,
                            finding->hint);
    }
    // A bare word where the file of a secret is expected is probably the secret.
    const bool shown = is_plainly_a_path(path) && (raw.form != Raw::Form::file ||
                                                   path.find_first_of("/.") != std::string::npos);
    if (!shown || explain_missing(path)) {
        throw no_such_file(path, describe(raw.source), shown);
    }
}

// Paths that every verb reads.
std::vector<Raw> paths_of(Setting setting, const Layers& layers) {
    const std::vector<Raw> paths = first_of(setting, layers);
    for (const auto& path : paths) {
        check_path(spec_of(setting), path);
    }
    return paths;
}

Secret read_value(const Raw& raw, const ReadOptions& options, std::istream& in) {
    switch (raw.form) {
        case Raw::Form::file:
            return bare_value(read_file(raw.text.reveal(), options));
        case Raw::Form::standard_input:
            return bare_value(read_stream(in, describe(raw.source)));
        case Raw::Form::literal:
            break;
    }
    return raw.text;
}

// A bad file name in a flag is a usage error; bad content is a config error.
void check_raw(const SettingSpec& spec, const Raw& raw, const Secret& value) {
    const auto finding = check_value(spec, value.reveal());
    if (!finding) {
        return;
    }
    std::string where = describe(raw.source);
    if (raw.form == Raw::Form::file) {
        where += ": the content of " + raw.text.reveal();
    } else if (raw.form == Raw::Form::standard_input) {
        where += ": standard input";
    }
    const bool is_reference = raw.source.kind == Kind::manifest && spec.takes == Takes::secret;
    throw invalid_value(raw.source.is_typed() && raw.form != Raw::Form::file,
                        where + " " + finding->problem,
                        is_reference ? "the variable or file must contain the value itself; to "
                                       "refer to a file, write {file: PATH}"
                                     : finding->hint);
}

Layer profile_layer(const std::vector<Raw>& name, const Environment& environment,
                    const ReadOptions& options, Profiles profiles, Settings& notes) {
    if (profiles == Profiles::ignored || (name.empty() && profile_folder(environment).empty())) {
        return {};
    }
    if (!name.empty()) {
        check_raw(spec_of(Setting::profile), name.back(), name.back().text);
    }
    const std::string file =
        name.empty() ? profile_path(environment, default_profile, {})
                     : profile_path(environment, name.back().text.reveal(), name.back().source);
    if (name.empty() && !is_reachable(file)) {
        return {};
    }
    const auto text = read_file_if_exists(file, options);
    if (!text && !name.empty() && profiles != Profiles::may_be_new) {
        throw no_such_profile(environment, name.back().text.reveal(), name.back().source);
    }
    return text ? dotenv_layer(*text, file, Kind::profile, notes) : Layer{};
}

CredentialLayer credentials_layer(const std::vector<Raw>& paths, const ReadOptions& options) {
    CredentialLayer layer;
    for (const auto& path : paths) {
        const std::string& file = path.text.reveal();
        CredentialFile content = recognise_credentials(read_file(file, options).reveal(), file);
        if (content.key) {
            content.values.emplace(Setting::key_file, Secret(file));
            layer.key = std::move(content.key);
        }
        if (content.elsewhere) {
            layer.elsewhere = std::move(content.elsewhere);
        }
        if (content.web_redirects) {
            layer.web_redirects = std::move(content.web_redirects);
        }
        for (const auto& warning : content.warnings) {
            layer.warnings.push_back(inert_line(file) + ": " + warning);
        }
        for (const auto& [setting, value] : content.values) {
            auto& values = layer.values[setting];
            if (!values.empty() && values.front().text.reveal() != value.reveal()) {
                throw Error(ExitCode::config, "config.credentials_disagree",
                            values.front().source.file + " and " + file +
                                " have different values for " + label_of(setting),
                            "pass only one of the two files with --credentials");
            }
            const std::string name(spec_of(setting).flag.substr(2));
            const Source source{.kind = Kind::credentials, .name = name, .file = file};
            values.assign(1, {value, Raw::Form::literal, source});
        }
    }
    return layer;
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
    std::vector<std::string> list;
    list.reserve(paths.size());
    for (const auto& path : paths) {
        list.push_back(path.text.reveal());
    }
    settings.set(setting, join(list, ":"), paths.front().source);
}

void take_values(Settings& settings, const Layers& layers, const ReadOptions& options,
                 std::istream& in, std::span<const Setting> wanted) {
    for (const auto& spec : all_settings()) {
        if (spec.takes == Takes::files || !is_wanted(wanted, spec.setting)) {
            continue;
        }
        const auto raws = first_of(spec.setting, layers);
        if (spec.takes == Takes::list && !raws.empty()) {
            std::vector<std::string> lines;
            lines.reserve(raws.size());
            for (const auto& raw : raws) {
                check_raw(spec, raw, raw.text);
                lines.push_back(raw.text.reveal());
            }
            settings.set(spec.setting, join(lines, "\n"), raws.front().source);
        } else if (!raws.empty()) {
            const Raw& raw = raws.back();
            if (raw.form == Raw::Form::file || spec.offers == Offers::files) {
                check_path(spec, raw);
            }
            const Secret value = read_value(raw, options, in);
            check_raw(spec, raw, value);
            settings.set(spec.setting, value, raw.source);
        }
    }
}

// The key's project counts if no other is set.
void take_project_of_key(Settings& settings, const std::string& file) {
    const std::string& key_project = settings.key()->project_id;
    if (key_project.empty()) {
        return;
    }
    if (!settings.has(Setting::project)) {
        const Source source{.kind = Kind::credentials, .name = "project_id", .file = file};
        const Secret read(key_project);
        check_raw(spec_of(Setting::project), {read, Raw::Form::literal, source}, read);
        settings.set(Setting::project, key_project, source);
    } else if (settings.text(Setting::project) != key_project) {
        settings.warn("the service account in " + file + " belongs to project " + key_project +
                      ", but the connection is for " + settings.text(Setting::project) +
                      ": the service account needs roles in the latter");
    }
}

void take_key(Settings& settings, CredentialLayer& credentials, const ReadOptions& options) {
    if (!settings.has(Setting::key_file)) {
        return;
    }
    const std::string path = settings.text(Setting::key_file);
    if (settings.source(Setting::key_file).kind == Kind::credentials) {
        settings.set_key(std::move(*credentials.key));
    } else {
        settings.set_key(parse_service_account_key(read_file(path, options).reveal(), path));
    }
    take_project_of_key(settings, path);
}

// Credentials for another environment must not go to Adobe's production by default.
void check_environment(const CredentialLayer& credentials, const Layers& layers,
                       std::span<const Setting> wanted) {
    for (const Setting url : {Setting::platform_url, Setting::ims_url}) {
        if (credentials.elsewhere && is_wanted(wanted, url) && first_of(url, layers).empty()) {
            throw Error(*credentials.elsewhere);
        }
    }
}

// A stored access token goes stale after a day, so an API secret takes precedence over it. A token
// in a flag or variable was given on purpose.
void drop_stored_token(Settings& settings) {
    if (settings.has(Setting::access_token) && settings.has(Setting::api_secret) &&
        settings.source(Setting::access_token).kind == Kind::credentials) {
        settings.drop(Setting::access_token);
    }
}

// Honours the variables of curl and OpenSSL.
void take_ca_file(Settings& settings, const Environment& environment) {
    for (const char* const name : {"SSL_CERT_FILE", "CURL_CA_BUNDLE"}) {
        const std::string path(find(environment, name));
        if (!path.empty() && !settings.has(Setting::ca_file)) {
            const Source source{.kind = Kind::environment, .name = name};
            check_path(spec_of(Setting::ca_file), {Secret(path), Raw::Form::literal, source});
            settings.set(Setting::ca_file, path, source);
        }
    }
}

// The value of a secret setting in the text.
std::optional<connection::Finding> find_known_secret(const Settings& settings,
                                                     std::string_view text) {
    constexpr std::size_t shortest = 12;
    for (const auto& spec : all_settings()) {
        if (spec.takes != Takes::secret || !settings.has(spec.setting)) {
            continue;
        }
        const std::string& secret = settings.secret(spec.setting).reveal();
        if (secret.size() >= shortest && text.find(secret) != std::string_view::npos) {
            return connection::Finding{"contains the value of " + label_of(spec.setting),
                                       "use a text without a secret: others can read it"};
        }
    }
    return std::nullopt;
}

void refuse_secrets_in_texts(const Settings& settings) {
    for (const auto& stored : all_settings()) {
        const Setting text = stored.setting;
        const bool is_text = stored.group == Group::connection || stored.group == Group::dataflow ||
                             text == Setting::sandbox_name || text == Setting::profile;
        if (!is_text || !settings.has(text)) {
            continue;
        }
        if (const auto finding = find_known_secret(settings, settings.text(text))) {
            throw invalid_value(settings.source(text).is_typed(),
                                describe(settings.source(text)) + " " + finding->problem,
                                finding->hint);
        }
    }
}

// Says nothing if a flag overrides the empty variable.
void warn_of_empty_variables(Settings& settings, std::span<const Setting> wanted) {
    for (const auto& [setting, source] : settings.empty_variables()) {
        const Source& used = settings.source(setting);
        if (used.kind == Kind::flag || !is_wanted(wanted, setting)) {
            continue;
        }
        settings.warn(describe(source) + " is empty and counts as not set" +
                      (settings.has(setting) ? "; the value is from " + describe(used) : ""));
    }
}

void add_warnings(Settings& settings) {
    const std::pair<Setting, std::optional<std::string> (*)(std::string_view)> suspicions[] = {
        {Setting::client_id, connection::warn_client_id},
        {Setting::refresh_token, connection::warn_refresh_token},
        {Setting::access_token, connection::warn_access_token}};
    for (const auto& [setting, suspect] : suspicions) {
        if (!settings.has(setting)) {
            continue;
        }
        if (const auto warning = suspect(settings.either(setting).reveal())) {
            settings.warn(describe(settings.source(setting)) + ": " + *warning);
        }
    }
}

}  // namespace

std::string describe(const Source& source) {
    if (source.kind == Kind::fallback) {
        return "default";
    }
    if (source.is_typed()) {
        return source.name + (source.kind == Kind::environment ? " (environment)" : "");
    }
    const std::string place =
        inert_line(source.file) + (source.line > 0 ? ":" + std::to_string(source.line) : "");
    return source.name.empty() ? place : place + ": " + source.name;
}

Error invalid_value(bool typed, const std::string& message, std::string hint) {
    return {typed ? ExitCode::usage : ExitCode::config,
            typed ? "usage.invalid_value" : "config.invalid_value", message, std::move(hint)};
}

std::string Settings::text_or_default(Setting setting) const {
    return has(setting) ? text(setting) : std::string(spec_of(setting).fallback);
}

std::optional<std::string> Settings::text_if_set(Setting setting) const {
    return has(setting) ? std::optional(text(setting)) : std::nullopt;
}

const Source& Settings::source(Setting setting) const {
    static const Source fallback;
    const auto found = values_.find(setting);
    return found == values_.end() ? fallback : found->second.source;
}

ShownSetting Settings::shown(Setting setting) const {
    const SettingSpec& spec = spec_of(setting);
    if (!has(setting) && spec.fallback.empty()) {
        return {};
    }
    return {has(setting) && spec.takes == Takes::secret ? std::string(redacted_text)
                                                        : text_or_default(setting),
            describe(source(setting))};
}

Secret Settings::either(Setting setting) const {
    return spec_of(setting).takes == Takes::secret ? secret(setting) : Secret(text(setting));
}

void Settings::set(Setting setting, std::string text, Source source) {
    values_.insert_or_assign(setting, Value{std::move(text), std::move(source)});
}

void Settings::set(Setting setting, const Secret& read, Source source) {
    if (spec_of(setting).takes == Takes::secret) {
        values_.insert_or_assign(setting, Value{read, std::move(source)});
    } else {
        set(setting, read.reveal(), std::move(source));
    }
}

Error in_manifest(const Error& error, const std::string& place) {
    return {error.exit_code(), error.code(), place + ": " + error.message(),
            error.code() == "config.file_missing"
                ? "check the path; it is relative to the folder of the manifest"
                : error.hint()};
}

void add_given(Settings& settings, const std::vector<Given>& given, const Environment& environment,
               bool allow_insecure_files) {
    const ReadOptions options{.secret = true,
                              .allow_insecure = allow_insecure_files,
                              .credentials_directory = find(environment, "CREDENTIALS_DIRECTORY")};
    const auto read = [&options](const Given& one) {
        try {
            return read_file(one.value.reveal(), options);
        } catch (const Error& error) {
            throw in_manifest(error, describe(one.source));
        }
    };
    for (const auto& one : given) {
        const SettingSpec& spec = spec_of(one.setting);
        const Raw raw{one.value, one.is_path ? Raw::Form::file : Raw::Form::literal, one.source};
        if (one.is_path) {
            check_path(spec, raw);
        }
        const Secret value = bare_value(one.is_path ? read(one) : one.value);
        if (one.setting != Setting::key_file) {
            check_raw(spec, raw, value);
            settings.set(one.setting, value, one.source);
            continue;
        }
        const std::string place = one.is_path ? one.value.reveal() : describe(one.source);
        try {
            settings.set_key(parse_service_account_key(value.reveal(), place));
        } catch (const Error& error) {
            throw Error(error.exit_code(), error.code(), error.message(),
                        one.is_path ? error.hint()
                                    : "the variable must contain the key's JSON; to refer to a "
                                      "file, write {file: PATH}");
        }
        settings.set(one.setting, place, one.source);
        take_project_of_key(settings, place);
    }
    add_warnings(settings);
}

void refuse_secret(const Settings& settings, std::string_view text, const std::string& place) {
    auto finding = find_misplaced_secret(nullptr, text);
    if (!finding) {
        finding = find_known_secret(settings, text);
    }
    if (finding) {
        throw invalid_value(false, place + " " + finding->problem, finding->hint);
    }
}

Settings resolve(const Typed& typed, const Environment& environment, std::istream& in,
                 std::span<const Setting> wanted, Profiles profiles) {
    Settings settings;
    const Layer flags = flags_layer(typed);
    check_standard_input_used_once(flags);
    const Layer variables = environment_layer(environment, settings);
    const Layers here{&flags, &variables};
    const std::vector<Raw> allow = first_of(Setting::allow_insecure_files, here);
    const ReadOptions options{
        .secret = true,
        .allow_insecure = !allow.empty() && allow.back().text.reveal() == "true",
        .credentials_directory = find(environment, "CREDENTIALS_DIRECTORY")};

    const std::vector<Raw> env_paths = paths_of(Setting::env_file, here);
    std::vector<Layer> env_files;
    for (const auto& path : env_paths) {
        const std::string& file = path.text.reveal();
        env_files.push_back(dotenv_layer(read_file(file, options), file, Kind::env_file, settings));
    }
    const Layer profile =
        profile_layer(first_of(Setting::profile, here), environment, options, profiles, settings);

    Layers layers = here;
    for (auto file = env_files.rbegin(); file != env_files.rend(); ++file) {
        layers.push_back(&*file);
    }
    layers.push_back(&profile);
    const std::vector<Raw> credential_paths = paths_of(Setting::credentials, layers);
    CredentialLayer credentials = credentials_layer(credential_paths, options);
    // A profile's own settings take precedence over the files that it names.
    const bool named_by_profile =
        !credential_paths.empty() && credential_paths.front().source.kind == Kind::profile;
    layers.insert(named_by_profile ? layers.end() : layers.end() - 1, &credentials.values);

    check_environment(credentials, layers, wanted);
    for (auto& warning : credentials.warnings) {
        settings.warn(std::move(warning));
    }
    take_values(settings, layers, options, in, wanted);
    if (settings.source(Setting::client_id).kind == Kind::credentials) {
        settings.set_web_redirects(std::move(credentials.web_redirects));
    }
    take_files(settings, Setting::env_file, env_paths, wanted);
    take_files(settings, Setting::credentials, credential_paths, wanted);
    take_key(settings, credentials, options);
    refuse_secrets_in_texts(settings);
    drop_stored_token(settings);
    take_ca_file(settings, environment);
    add_warnings(settings);
    warn_of_empty_variables(settings, wanted);
    return settings;
}

std::string_view find(const Environment& environment, std::string_view name) {
    const auto found = environment.find(name);
    return found == environment.end() ? std::string_view{}
                                      : std::string_view(found->second.reveal());
}

std::string xdg_folder(const Environment& environment, std::string_view variable,
                       const char* fallback) {
    const std::string home(find(environment, "HOME"));
    const std::string folder(find(environment, variable));
    if (folder.starts_with('/')) {
        return folder + "/bqconn";
    }
    std::error_code ignored;
    return home.starts_with('/') && std::filesystem::is_directory(home, ignored)
               ? home + fallback + "/bqconn"
               : "";
}

}  // namespace bqconn::config
