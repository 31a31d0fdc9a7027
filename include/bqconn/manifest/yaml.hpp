// The syntax of a manifest: reads YAML, which includes JSON, as strings, lists and maps with their
// lines. Converts nothing: the key decides whether `5` is a number or `no` a boolean.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bqconn::manifest {

// A value of the file, and where it is.
struct Node {
    enum class Kind { nothing, text, list, map };
    Kind kind = Kind::nothing;     // nothing: no value, or ~ or null
    std::string text = {};         // of a string, as written: 5, true and "5" are all strings
    std::vector<Node> items = {};  // of a list
    std::vector<std::pair<Node, Node>> members =
        {};                // of a map, in the file's order; keys are strings
    std::size_t line = 0;  // from 1
    bool bare = false;     // for writing: a boolean or number, not quoted
};

// `file` is for messages only. Throws Error (ExitCode::config, "config.manifest") that names file
// and line but never a value: for invalid YAML, and for what YAML allows but a manifest does not
// (duplicate keys, keys that are not strings, anchors, aliases, tags, several documents).
Node parse_yaml(std::string_view text, const std::string& file);

// Writes YAML that parse_yaml() reads back as the same strings. A string that other readers would
// take for a boolean, null, number or date is quoted.
std::string to_yaml(const Node& node);

}  // namespace bqconn::manifest
