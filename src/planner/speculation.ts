/** Expected tokens per verified step: (1 − α^(k+1)) / (1 − α) (Leviathan et al. 2023, arXiv:2211.17192, eq. 1). */
export function acceptedTokens(input: { proposedTokens: number; acceptanceFraction: number }): number {
  const { proposedTokens: k, acceptanceFraction: alpha } = input
  return alpha === 1 ? k + 1 : (1 - alpha ** (k + 1)) / (1 - alpha)
}
