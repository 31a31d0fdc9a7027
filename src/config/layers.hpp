// The layers that resolve() merges, each from one source. Internal to the config area.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "bqconn/config/credential_file.hpp"
#include "bqconn/config/files.hpp"
#include "bqconn/config/resolve.hpp"

namespace bqconn::config {

// An unresolved value; a file that it names is read only if the value is used.
struct Raw {
    enum class Form { literal, file, standard_input };
    Secret text;  // the value, or the path of the file
    Form form = Form::literal;
    Source source;
};

using Layer = std::map<Setting, std::vector<Raw>>;

struct CredentialLayer {
    Layer values;
    std::optional<ServiceAccountKey> key;
};

struct FilePolicy {
    bool allow_insecure = false;
    ReadOptions for_secrets() const { return {.secret = true, .allow_insecure = allow_insecure}; }
};

// The values of `setting` in the first layer that has it.
std::vector<Raw> first_of(Setting setting, const std::vector<const Layer*>& layers);

Layer flags_layer(const Typed& typed);
Layer environment_layer(const Environment& environment, Settings& warnings);
FilePolicy file_policy(const Layer& flags, const Layer& variables);
std::vector<Layer> env_file_layers(const std::vector<Raw>& paths, const FilePolicy& policy);
Layer profile_layer(const std::vector<Raw>& name, const Environment& environment,
                    const FilePolicy& policy, Profiles profiles);
CredentialLayer credentials_layer(const std::vector<Raw>& paths, const FilePolicy& policy);

}  // namespace bqconn::config
