#include "bqconn/config/profiles.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "bqconn/config/dotenv.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/core/inert.hpp"
#include "bqconn/core/private_file.hpp"
#include "bqconn/core/text.hpp"

namespace bqconn::config {
namespace {

constexpr std::string_view ending = ".env";
constexpr std::string_view plain_characters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./:@%+,=";

// A bare name: no folder, no leading dot.
bool is_profile_name(std::string_view name) {
    constexpr std::size_t longest = 200;  // still a valid file name with .env appended
    return !name.empty() && name.size() <= longest && name.find('/') == std::string_view::npos &&
           !name.starts_with('.');
}

bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

// zsh expands "=word" to a path.
bool can_be_plain(std::string_view value) {
    return value.find_first_not_of(plain_characters) == std::string_view::npos &&
           !value.starts_with('=') && !contains(value, ":=");
}

// python-dotenv expands ${NAME} and treats \\ and \' as escapes.
bool can_be_in_single_quotes(std::string_view value) {
    return !contains(value, "'") && !contains(value, "\\\\") && !value.ends_with('\\') &&
           !contains(value, "${");
}

// Readers disagree on escapes.
bool can_be_in_double_quotes(std::string_view value) {
    return value.find_first_of("\"\\$`") == std::string_view::npos;
}

Error unwritable(std::string_view name) {
    const auto variable = find_variable(name);
    const bool secret = variable && variable->spec->takes == Takes::secret;
    const std::string twin = std::string(name) + std::string(file_twin_suffix);
    return {ExitCode::config, "config.unwritable_value",
            std::string(name) +
                ": the value has characters that dotenv readers interpret differently, however it "
                "is quoted",
            secret ? "put it in a separate file with mode 0600 and set the path in " + twin
                   : "pass it as a flag or set it in the environment"};
}

std::string commented(std::string_view comment) {
    std::string lines;
    for (const auto& line : split(comment, '\n')) {
        lines += line.empty() ? "#\n" : "# " + line + "\n";
    }
    return lines;
}

// A line of a file, including its line ending.
struct Span {
    std::size_t begin = 0;
    std::size_t length = 0;
};

// A placeholder line: "# NAME=" and anything after it.
bool is_placeholder_for(std::string_view line, std::string_view name) {
    if (!line.starts_with('#')) {
        return false;
    }
    line = trim_ascii(line.substr(1));
    return line.starts_with(name) && trim_ascii(line.substr(name.size())).starts_with('=');
}

// The line to replace; none if the variable must be appended.
std::optional<Span> line_for(std::string_view text, const std::string& path,
                             std::string_view name) {
    const std::string twin = std::string(name) + std::string(file_twin_suffix);
    std::size_t wanted = 0;
    for (const auto& entry : parse_dotenv(text, path)) {
        if (wanted == 0 && (entry.name == name || entry.name == twin)) {
            wanted = entry.line;
        }
    }
    std::size_t number = 1;
    for (std::size_t at = 0; at < text.size(); ++number) {
        const auto length = std::min(text.find('\n', at), text.size() - 1) + 1 - at;
        if (wanted == 0 ? is_placeholder_for(trim_ascii(text.substr(at, length)), name)
                        : number == wanted) {
            return Span{at, length};
        }
        at += length;
    }
    return std::nullopt;
}

// Keeps the "export" and the line ending of the old line.
std::string replacement(std::string_view old, std::string_view line) {
    const bool exported = trim_ascii(old).starts_with("export");
    const std::string_view end = old.ends_with("\r\n") ? "\r\n" : "\n";
    return (exported ? "export " : "") + std::string(line) + std::string(end);
}

void write(const std::string& path, std::string_view text) {
    make_private_folder(std::filesystem::absolute(path).parent_path().string());
    write_private_file(path, text, Durable::yes);
}

}  // namespace

std::string profile_folder(const Environment& environment) {
    return xdg_folder(environment, "XDG_CONFIG_HOME", "/.config");
}

std::string profile_path(const Environment& environment, std::string_view name,
                         const Source& source) {
    if (!is_profile_name(name)) {
        throw Error(ExitCode::usage, "usage.invalid_value",
                    describe(source) + " is not a valid profile name",
                    "use a bare name of at most 200 characters, without folder or .env; for a file "
                    "use --env-file");
    }
    const std::string folder = profile_folder(environment);
    if (folder.empty()) {
        throw Error(ExitCode::config, "config.no_home",
                    "no folder for profiles: XDG_CONFIG_HOME is not an absolute path, and HOME is "
                    "not an existing folder",
                    "set HOME, or pass a file of settings with --env-file");
    }
    return folder + "/" + std::string(name) + std::string(ending);
}

bool is_reachable(const std::string& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 ||
           (errno != EACCES && errno != ENOTDIR && errno != ENAMETOOLONG);
}

Error no_such_profile(const Environment& environment, std::string_view name, const Source& source) {
    const std::vector<std::string> names = profile_names(environment);
    const auto meant = nearest(name, std::vector<std::string_view>(names.begin(), names.end()));
    std::vector<std::string> shown;
    shown.reserve(names.size());
    for (const auto& one : names) {
        shown.push_back(inert_line(one));
    }
    return {ExitCode::config, "config.file_missing",
            describe(source) + ": no such profile in " + inert_line(profile_folder(environment)),
            names.empty() ? "there are no profiles yet: bqconn init writes one"
                          : (meant ? "did you mean " + inert_line(*meant) + "? " : "") +
                                "existing profiles: " + join(shown, ", ")};
}

std::vector<std::string> profile_names(const Environment& environment) {
    std::vector<std::string> names;
    std::error_code error;
    std::filesystem::directory_iterator file(profile_folder(environment), error);
    for (; !error && file != std::filesystem::directory_iterator(); file.increment(error)) {
        std::string name = file->path().filename().string();
        if (name.ends_with(ending)) {
            name.resize(name.size() - ending.size());
            if (is_profile_name(name)) {
                names.push_back(std::move(name));
            }
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

Secret dotenv_line(std::string_view name, const Secret& value) {
    const std::string& text = value.reveal();
    const std::string start = std::string(name) + "=";
    if (text.empty() || has_control_character(text) || !is_utf8(text)) {
        throw unwritable(name);
    }
    if (can_be_plain(text)) {
        return Secret(start + text);
    }
    if (can_be_in_single_quotes(text)) {
        return Secret(start + "'" + text + "'");
    }
    if (can_be_in_double_quotes(text)) {
        return Secret(start + "\"" + text + "\"");
    }
    throw unwritable(name);
}

void write_profile(const std::string& path, std::span<const ProfileEntry> entries) {
    std::string text;
    for (const auto& entry : entries) {
        text += (text.empty() ? "" : "\n") + commented(entry.comment);
        if (entry.value) {
            text += dotenv_line(entry.name, *entry.value).reveal() + "\n";
        } else if (!entry.name.empty()) {
            text += "# " + entry.name + "=\n";
        }
    }
    write(path, Secret(std::move(text)).reveal());
}

void set_in_profile(const std::string& path, std::span<const ProfileValue> values,
                    const ReadOptions& options) {
    const auto old = read_file_if_exists(path, options);
    std::string text = old ? old->reveal() : "# Settings of bqconn\n";
    for (const auto& one : values) {
        const Secret line = dotenv_line(one.name, one.value);
        if (const auto found = line_for(text, path, one.name)) {
            const std::string_view replaced =
                std::string_view(text).substr(found->begin, found->length);
            text.replace(found->begin, found->length, replacement(replaced, line.reveal()));
        } else {
            text += (text.empty() || text.ends_with('\n') ? "" : "\n") + line.reveal() + "\n";
        }
    }
    // bqconn must be able to read what it writes.
    parse_dotenv(text, path);
    write(path, Secret(std::move(text)).reveal());
}

void try_profile(const std::string& path, const ReadOptions& options) {
    const std::string folder = std::filesystem::absolute(path).parent_path().string();
    make_private_folder(folder);
    std::string problem;
    if (std::filesystem::is_symlink(path)) {
        problem = "it is a symbolic link, and only regular files are replaced";
    } else if (::access(folder.c_str(), W_OK) != 0) {
        problem = std::generic_category().message(errno);
    }
    if (!problem.empty()) {
        throw Error(ExitCode::config, "config.file_unwritable",
                    "cannot write " + inert_line(path) + ": " + problem,
                    "specify another profile with --profile, or make this one writable");
    }
    read_file_if_exists(path, options);
}

}  // namespace bqconn::config
