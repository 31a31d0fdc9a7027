#include "bqconn/config/profile_file.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <system_error>
#include <vector>

#include "bqconn/config/dotenv.hpp"
#include "bqconn/config/files.hpp"
#include "bqconn/config/settings.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/core/inert.hpp"
#include "bqconn/core/private_file.hpp"
#include "bqconn/core/text.hpp"

namespace bqconn::config {
namespace {

constexpr std::string_view plain_characters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./:@%+,=";

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
            secret ? "put it in a separate file with mode 0600 and name that file in " + twin
                   : "give it as a flag or in the environment"};
}

std::string commented(std::string_view comment) {
    std::string lines;
    for (const auto& line : split(comment, '\n')) {
        lines += line.empty() ? "#\n" : "# " + line + "\n";
    }
    return lines;
}

// A line of a file, including its line ending.
struct LineSpan {
    std::size_t begin = 0;
    std::size_t length = 0;
};

std::vector<LineSpan> lines_of(std::string_view text) {
    std::vector<LineSpan> lines;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find('\n', at), text.size() - 1);
        lines.push_back({at, end + 1 - at});
        at = end + 1;
    }
    return lines;
}

std::string_view text_of(std::string_view text, const LineSpan& line) {
    return trim_ascii(text.substr(line.begin, line.length));
}

// A placeholder line: "# NAME=" and anything after it.
bool is_placeholder_for(std::string_view line, std::string_view name) {
    if (!line.starts_with('#')) {
        return false;
    }
    line = trim_ascii(line.substr(1));
    return line.starts_with(name) && trim_ascii(line.substr(name.size())).starts_with('=');
}

// The line to replace; none if the variable must be appended.
std::optional<LineSpan> line_for(std::string_view text, const std::string& path,
                                 std::string_view name) {
    const auto lines = lines_of(text);
    const std::string twin = std::string(name) + std::string(file_twin_suffix);
    for (const auto& entry : parse_dotenv(text, path)) {
        if (entry.name == name || entry.name == twin) {
            return lines.at(entry.line - 1);
        }
    }
    const auto found = std::find_if(lines.begin(), lines.end(), [&](const LineSpan& line) {
        return is_placeholder_for(text_of(text, line), name);
    });
    return found == lines.end() ? std::nullopt : std::optional(*found);
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
                    "name another profile with --profile, or make this one writable");
    }
    read_file_if_exists(path, options);
}

}  // namespace bqconn::config
