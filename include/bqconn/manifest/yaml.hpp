// The syntax of a manifest: YAML, of which JSON is a part, as texts, lists and maps with their
// lines. Converts nothing: whether `5` or `no` is a number or a boolean is decided by the field it
// is in.
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
    std::string text = {};         // of a text, as written: 5, true and "5" are all texts
    std::vector<Node> items = {};  // of a list
    std::vector<std::pair<Node, Node>> members =
        {};                    // of a map, in the file's order; keys are texts
    std::size_t line = 0;      // from 1
    std::string comment = {};  // only written: before the line of the value
    bool bare = false;         // only written: a boolean or a number, so without quotes
};

// `file` is for messages only. Throws Error (ExitCode::config, "config.manifest") that names file
// and line and never a value: for what is not YAML, and for what YAML allows and a manifest does
// not (duplicate keys, keys that are not texts, anchors, aliases, tags, several documents).
Node parse_yaml(std::string_view text, const std::string& file);

// Writes YAML that parse_yaml() reads back as the same texts. A text that other readers would take
// for a boolean, null, number or date is quoted.
std::string to_yaml(const Node& node);

}  // namespace bqconn::manifest
