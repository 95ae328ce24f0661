import Recipes
import Skeleton

/// The encoders that there are. A new one is a file and a line here.
public enum EncoderFamily: SettingsFamily {
  /// What they are called.
  public static let name = "encoder"
  /// All of them; the first is that of PCM3++.
  public static let members: [any RecipeSettings.Type] = all

  static let all: [any EncoderSettings.Type] = [
    GRUEncoderSettings.self, LSTMEncoderSettings.self, STGCNSettings.self, AGCNSettings.self,
    CTRGCNSettings.self, HCNSettings.self, VisionTransformerSettings.self, STTFormerSettings.self,
    HiCoEncoderSettings.self, GLTransformerSettings.self, DSTformerSettings.self, HiTRSSettings.self,
    UmURLEncoderSettings.self,
  ]
}

extension Variant where Family == EncoderFamily {
  /// The settings, as those of an encoder.
  public var encoder: any EncoderSettings {
    guard let settings = settings as? any EncoderSettings else {
      preconditionFailure("\(kind) is in the list of encoders and is none")
    }
    return settings
  }
}
